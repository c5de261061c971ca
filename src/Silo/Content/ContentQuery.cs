using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Granary.Silo.Content;

/// <summary>What is asked for by <c>/content/{id}?from=N&amp;count=M</c>: bytes of one content from an offset, all or so many. <c>hold=1</c>: none, but that it be kept while this is answered.</summary>
internal readonly record struct ContentQuery(long Id, long From, long? Count, bool Holds = false)
{
    private const string Prefix = "/content/";

    public static bool IsFor(ReadOnlySpan<char> path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>Null when it is not understood.</returns>
    public static ContentQuery? Read(ReadOnlySpan<char> path, QueryString query)
    {
        if (Number(path[Prefix.Length..]) is not { } id) return null;
        var asked = new ContentQuery(id, 0, null);
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            if (Number(pair.EncodedValue.Span) is not { } number) return null;
            if (pair.EncodedName.Span is "from") asked = asked with { From = number };
            else if (pair.EncodedName.Span is "count") asked = asked with { Count = number };
            else if (pair.EncodedName.Span is "hold") asked = asked with { Holds = number == 1 };
        }

        return asked;
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
