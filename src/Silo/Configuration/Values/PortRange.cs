using System.Globalization;
using System.Net;

namespace Granary.Silo.Configuration.Values;

/// <summary>One port, or several in a row: <c>443</c>, <c>50000-50099</c>.</summary>
public readonly record struct PortRange(int First, int Count)
{
    /// <summary>Each is a listener of its own.</summary>
    public const int Most = 1000;

    public int Last => First + Count - 1;

    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>To listen on.</summary>
    public static PortRange? Parse(string text) => ParseAny(text) is { Count: <= Most } range ? range : null;

    /// <summary>However many.</summary>
    public static PortRange? ParseAny(string text)
    {
        var parts = text.Split('-');
        if (parts.Length > 2 || Port(parts[0]) is not { } first || Port(parts[^1]) is not { } last) return null;
        return last >= first && (first > 0 || last == 0) ? new PortRange(first, last - first + 1) : null;
    }

    public override string ToString() => Count == 1 ? $"{First}" : $"{First}-{Last}";

    private static int? Port(string text) =>
        text.Length <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port : null;
}
