using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>Sizes as people write them: <c>1048576</c>, <c>512MB</c> (10⁶), <c>2GiB</c> (2³⁰), <c>25%</c> of the process's memory limit.</summary>
public static class ByteSize
{
    private static readonly (string Unit, decimal Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("Ti", 1L << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("B", 1),
    ];

    /// <summary>What the garbage collector believes it may use: the machine's memory or the container's limit.</summary>
    public static long MemoryLimit => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static long OfMemoryLimit(decimal share) => (long)(MemoryLimit * share);

    public static long? Parse(string text, bool percentAllowed)
    {
        if (text.EndsWith('%'))
            return percentAllowed && Number(text[..^1]) is { } percent and <= 100 ? OfMemoryLimit(percent / 100) : null;

        foreach (var (unit, bytes) in Units)
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) return Times(Number(text[..^unit.Length]), bytes);
        return text.All(char.IsAsciiDigit) ? Times(Number(text), 1) : null;
    }

    public static string Show(long bytes)
    {
        foreach (var (unit, size) in Units)
            if (unit.Length == 3 && bytes >= size && bytes % (long)size == 0) return $"{bytes / (long)size}{unit}";
        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static long? Times(decimal? number, decimal unit) => number <= long.MaxValue / unit ? (long)(number.Value * unit) : null;

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;
}
