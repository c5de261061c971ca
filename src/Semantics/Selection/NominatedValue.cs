using System.Collections.Frozen;
using System.Text;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Selection;

/// <summary>
/// The normal form of one nominated request field (RFC 9111 §4.1): lines combined, whitespace around commas removed, order kept.
/// Fields known not to be lists keep every character, because there a comma does not separate. Comparing allocates nothing.
/// </summary>
public static class NominatedValue
{
    private static readonly FrozenSet<string> NotLists = FrozenSet.ToFrozenSet(
        ["Authorization", "Proxy-Authorization", "Cookie", "User-Agent", "Referer", "Origin", "Host", "From", "Date", "If-Modified-Since"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Null if the request has no such field, which is not the same as an empty one.</summary>
    public static string? Of(FieldLines request, string name)
    {
        if (!request.Has(name)) return null;
        var text = new Writer(new StringBuilder());
        Feed(request, name, ref text);
        return text.Written.ToString();
    }

    /// <summary>Whether the field in <paramref name="request"/> has this normal form.</summary>
    public static bool Is(FieldLines request, string name, string? normal)
    {
        if (normal is null || !request.Has(name)) return normal is null && !request.Has(name);
        var comparison = new Comparison(normal);
        Feed(request, name, ref comparison);
        return comparison.IsSame;
    }

    private static void Feed<TSink>(FieldLines request, string name, ref TSink sink) where TSink : ISink, allows ref struct
    {
        var isList = !NotLists.Contains(name);
        var isFirst = true;
        foreach (var line in request)
        {
            if (!line.Is(name)) continue;
            if (!isFirst) sink.Take(',');
            isFirst = false;
            if (isList) FeedList(line.Value, ref sink);
            else sink.Take(line.Value);
        }
    }

    // Drops the whitespace at both ends and beside each comma outside quotes; all else goes through as it is.
    private static void FeedList<TSink>(ReadOnlySpan<char> text, ref TSink sink) where TSink : ISink, allows ref struct
    {
        var quotesClose = true;
        for (var start = 0; start <= text.Length;)
        {
            if (start > 0) sink.Take(',');
            var length = ListMembers.MemberLength(text[start..], ref quotesClose);
            sink.Take(Grammar.TrimWhitespace(text.Slice(start, length)));
            start += length + 1;
        }
    }

    private interface ISink
    {
        void Take(ReadOnlySpan<char> text);

        void Take(char character);
    }

    private readonly struct Writer(StringBuilder text) : ISink
    {
        public StringBuilder Written => text;

        public void Take(ReadOnlySpan<char> part) => text.Append(part);

        public void Take(char character) => text.Append(character);
    }

    private ref struct Comparison(ReadOnlySpan<char> expected) : ISink
    {
        private ReadOnlySpan<char> _left = expected;
        private bool _differs;

        public readonly bool IsSame => !_differs && _left.IsEmpty;

        public void Take(ReadOnlySpan<char> text)
        {
            if (_left.StartsWith(text, StringComparison.Ordinal)) _left = _left[text.Length..];
            else _differs = true;
        }

        public void Take(char character)
        {
            if (_left.IsEmpty || _left[0] != character) _differs = true;
            else _left = _left[1..];
        }
    }
}
