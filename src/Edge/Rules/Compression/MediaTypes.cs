using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Granary.Edge.Rules.Compression;

/// <summary>A set of media types, some of them whole families (<c>text/*</c>). RFC 9110 §8.3.1.</summary>
internal sealed class MediaTypes(ImmutableArray<string> types)
{
    // Events are to be with the client when they happen; a coding would gain nothing on lines that are flushed one by one.
    private const string Events = "text/event-stream";

    private readonly FrozenSet<string> _types = types.Where(static type => !type.EndsWith("/*", StringComparison.Ordinal)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _families = [.. types.Where(static type => type.EndsWith("/*", StringComparison.Ordinal)).Select(static type => type[..^1])];

    /// <param name="contentType">With its parameters.</param>
    public bool Hold(string? contentType)
    {
        var type = contentType.AsSpan();
        type = type[..(type.IndexOf(';') is >= 0 and var end ? end : type.Length)].Trim(" \t");
        if (type.Equals(Events, StringComparison.OrdinalIgnoreCase)) return false;
        if (_types.GetAlternateLookup<ReadOnlySpan<char>>().Contains(type)) return true;
        foreach (var family in _families)
            if (type.StartsWith(family, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
