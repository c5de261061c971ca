using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>Durations as people write them: <c>500ms</c>, <c>5s</c>, <c>1.5m</c>, <c>2h</c>, <c>1d</c>, or .NET's <c>00:00:05</c>.</summary>
public static class Duration
{
    private static readonly (string Unit, TimeSpan Value)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    public static TimeSpan? Parse(string text)
    {
        // "5" would be five days to TimeSpan.Parse, which nobody means.
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;

        foreach (var (unit, value) in Units)
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) return Times(text[..^unit.Length], value);
        return text == "0" ? TimeSpan.Zero : null;
    }

    public static string Show(TimeSpan span)
    {
        foreach (var (unit, value) in Units.OrderByDescending(u => u.Value))
            if (span >= value && span.Ticks % value.Ticks == 0) return $"{span.Ticks / value.Ticks}{unit}";
        return span == TimeSpan.Zero ? "0" : span.ToString("c", CultureInfo.InvariantCulture);
    }

    private static TimeSpan? Times(string number, TimeSpan unit) =>
        decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
        && count <= long.MaxValue / unit.Ticks
            ? TimeSpan.FromTicks((long)(count * unit.Ticks))
            : null;
}
