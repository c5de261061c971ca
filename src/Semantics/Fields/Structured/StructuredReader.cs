using System.Globalization;
using System.Text;

namespace Granary.Semantics.Fields.Structured;

/// <summary>
/// Reads the parts of a structured field from left to right, as strictly as RFC 8941 §4.2 says: the first thing that is wrong fails the whole field.
/// Every Take moves behind what it took, or answers false, after which nothing more may be taken.
/// </summary>
internal ref struct StructuredReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public void SkipSpaces() => _rest = _rest.TrimStart(' ');

    /// <summary>OWS "," OWS and something behind it: a comma at the end fails (§4.2.1, §4.2.2).</summary>
    public bool TakeComma()
    {
        _rest = _rest.TrimStart(" \t");
        if (!Take(',')) return false;
        _rest = _rest.TrimStart(" \t");
        return !_rest.IsEmpty;
    }

    public readonly bool IsAtEndOfMember => _rest.TrimStart(" \t").IsEmpty;

    public bool Take(char expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected) return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>§4.2.3.3: lower case, and it may begin with an asterisk.</summary>
    public bool TakeKey(out ReadOnlySpan<char> key)
    {
        key = default;
        if (_rest.IsEmpty || !(char.IsAsciiLetterLower(_rest[0]) || _rest[0] == '*')) return false;
        key = TakeWhile(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.' or '*');
        return true;
    }

    /// <summary>An Item or Inner List with its parameters (§4.2.1.1).</summary>
    public bool TakeMember(out StructuredValue value)
    {
        if (_rest is not ['(', ..]) return TakeBareItem(out value) && SkipParameters();
        value = new StructuredValue(StructuredType.InnerList);
        return SkipInnerList() && SkipParameters();
    }

    /// <summary>§4.2.3.2. What they say is not asked for; that they are well-formed is.</summary>
    public bool SkipParameters()
    {
        while (Take(';'))
        {
            SkipSpaces();
            if (!TakeKey(out _) || (Take('=') && !TakeBareItem(out _))) return false;
        }

        return true;
    }

    // §4.2.1.2
    private bool SkipInnerList()
    {
        Take('(');
        while (true)
        {
            SkipSpaces();
            if (Take(')')) return true;
            if (!TakeBareItem(out _) || !SkipParameters() || _rest is not ([' ', ..] or [')', ..])) return false;
        }
    }

    private bool TakeBareItem(out StructuredValue value)
    {
        value = default;
        return _rest switch
        {
            [] => false,
            ['"', ..] => TakeString(out value),
            [':', ..] => TakeBytes(out value),
            ['?', ..] => TakeBoolean(out value),
            ['-' or (>= '0' and <= '9'), ..] => TakeNumber(out value),
            _ => TakeToken(out value),
        };
    }

    // §4.2.4: at most 15 digits, or 12 before and 3 behind the point.
    private bool TakeNumber(out StructuredValue value)
    {
        value = default;
        var isNegative = Take('-');
        var whole = TakeWhile(char.IsAsciiDigit);
        if (whole.IsEmpty) return false;
        if (Take('.'))
        {
            var fraction = TakeWhile(char.IsAsciiDigit);
            value = new StructuredValue(StructuredType.Decimal);
            return whole.Length <= 12 && fraction.Length is >= 1 and <= 3;
        }

        if (whole.Length > 15) return false;
        var number = long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        value = new StructuredValue(StructuredType.Integer, isNegative ? -number : number);
        return true;
    }

    // §4.2.5: printable ASCII; only a quote and a backslash may be escaped.
    private bool TakeString(out StructuredValue value)
    {
        value = default;
        var text = new StringBuilder();
        for (var i = 1; i < _rest.Length; i++)
        {
            var c = _rest[i];
            if (c == '"')
            {
                _rest = _rest[(i + 1)..];
                value = new StructuredValue(StructuredType.String, Text: text.ToString());
                return true;
            }

            if (c == '\\' && (++i == _rest.Length || (c = _rest[i]) is not ('"' or '\\'))) return false;
            if (c is < ' ' or > '~') return false;
            text.Append(c);
        }

        return false;
    }

    // §4.2.6
    private bool TakeToken(out StructuredValue value)
    {
        value = default;
        if (!(char.IsAsciiLetter(_rest[0]) || _rest[0] == '*')) return false;
        value = new StructuredValue(StructuredType.Token, Text: TakeWhile(static c => c is ':' or '/' || Grammar.IsTokenChar(c)).ToString());
        return true;
    }

    // §4.2.7
    private bool TakeBytes(out StructuredValue value)
    {
        value = new StructuredValue(StructuredType.Bytes);
        Take(':');
        TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=');
        return Take(':');
    }

    // §4.2.8
    private bool TakeBoolean(out StructuredValue value)
    {
        value = default;
        Take('?');
        if (_rest.IsEmpty || _rest[0] is not ('0' or '1')) return false;
        value = new StructuredValue(StructuredType.Boolean, _rest[0] - '0');
        _rest = _rest[1..];
        return true;
    }

    private ReadOnlySpan<char> TakeWhile(Func<char, bool> belongs)
    {
        var length = 0;
        while (length < _rest.Length && belongs(_rest[length])) length++;
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
