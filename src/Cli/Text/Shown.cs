using System.Globalization;

namespace Granary.Cli.Text;

/// <summary>How values are written for people. What comes from clients and origins must not steer the terminal.</summary>
internal static class Shown
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Safe(string? text) =>
        text is null ? "-" : string.Concat(text.Select(static c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? $"\\u{(int)c:x4}" : c.ToString()));

    public static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, Math.Max(0, width - 1)), "…");

    public static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++) bytes /= 1024;
        return $"{Number(bytes)} {Units[unit]}";
    }

    public static string Percent(double? share) => share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:0.0} %") : "-";

    /// <summary>Three digits that count.</summary>
    public static string Number(double number) => number switch
    {
        0 or >= 100 or <= -100 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 or <= -10 => number.ToString("0.#", CultureInfo.InvariantCulture),
        _ => number.ToString("0.##", CultureInfo.InvariantCulture),
    };

    public static string Milliseconds(double? milliseconds) => milliseconds switch
    {
        null => "-",
        < 1 => $"{Number(milliseconds.Value * 1000)} µs",
        < 1000 => $"{Number(milliseconds.Value)} ms",
        _ => $"{Number(milliseconds.Value / 1000)} s",
    };

    public static string Span(double seconds) => seconds switch
    {
        < 60 => $"{Number(Math.Round(seconds))} s",
        < 3600 => $"{Math.Floor(seconds / 60)} min",
        < 172_800 => $"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60)} min",
        _ => $"{Math.Floor(seconds / 86_400)} d",
    };
}
