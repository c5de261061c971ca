namespace Granary.Semantics.Fields;

/// <summary>
/// The members of a list-based field over all its lines, trimmed, empty ones left out (RFC 9110 §5.6.1). A comma inside a
/// quoted-string does not split; a quote that never closes is an ordinary character. Allocates nothing.
/// </summary>
public ref struct ListMembers(FieldLines fields, string name)
{
    private int _next;
    private bool _quotesClose;
    private ReadOnlySpan<char> _rest;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly ListMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_rest.IsEmpty && !TakeLine()) return false;
            var end = MemberLength(_rest, ref _quotesClose);
            Current = Grammar.TrimWhitespace(_rest[..end]);
            _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
            if (!Current.IsEmpty) return true;
        }
    }

    // How far the first member reaches. After one quote that never closes the others of the line are not tried: that would be quadratic.
    internal static int MemberLength(ReadOnlySpan<char> text, ref bool quotesClose)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ',') return i;
            if (text[i] != '"' || !quotesClose) continue;
            var quoted = Grammar.QuotedLength(text[i..]);
            quotesClose = quoted > 0;
            if (quotesClose) i += quoted - 1;
        }

        return text.Length;
    }

    private bool TakeLine()
    {
        while (_next < fields.Count)
        {
            var line = fields[_next++];
            if (!line.Is(name)) continue;
            _rest = line.Value;
            _quotesClose = true;
            if (!_rest.IsEmpty) return true;
        }

        return false;
    }
}
