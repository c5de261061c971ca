using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Selection;

/// <summary>
/// What Accept-Encoding or Accept-Language asks for (RFC 9110 §12.5.3, §12.5.4): codings or language ranges with their weights. Case, whitespace, lines,
/// repetition and, as the text has it, order say nothing. Reading and comparing allocate nothing, since they are done for each variant of a URL.
/// </summary>
internal ref struct Preferences
{
    /// <summary>Longer lists are compared character by character only.</summary>
    private const int Most = 24;

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _areCodings;
    private Members _members;
    private int _count;

    private Preferences(ReadOnlySpan<char> text, bool areCodings)
    {
        _text = text;
        _areCodings = areCodings;
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<Preference> All => ((ReadOnlySpan<Preference>)_members)[.._count];

    /// <summary>False if the text is no list of weighted names; then it means nothing that could be compared.</summary>
    public static bool TryRead(string? text, bool areCodings, out Preferences preferences)
    {
        preferences = new Preferences(text, areCodings);
        if (text is null) return false;
        foreach (var range in text.AsSpan().Split(','))
        {
            var (start, length) = range.GetOffsetAndLength(text.Length);
            if (!Grammar.TrimWhitespace(text.AsSpan(start, length)).IsEmpty && !preferences.Add(start, length)) return false;
        }

        return true;
    }

    /// <summary>Whether both ask for the same, by RFC 9111 §4.1: normalised in a way that is known to have identical semantics.</summary>
    public readonly bool MeansTheSameAs(in Preferences other)
    {
        if (_count != other._count) return false;
        foreach (var member in All)
            if (other.Find(NameOf(member)) is not { } same || same.Weight != member.Weight) return false;
        return true;
    }

    /// <summary>The weight of a name in thousandths; 0: not acceptable. Of language ranges that match, the longest counts (RFC 4647 §3.3.1).</summary>
    public readonly int WeightOf(ReadOnlySpan<char> name)
    {
        var (weight, length) = (0, -1);
        foreach (var member in All)
        {
            var range = NameOf(member);
            var matched = range is "*" ? 0 : range.Length;
            if ((range is "*" || Covers(range, name)) && matched > length) (weight, length) = (member.Weight, matched);
        }

        return weight;
    }

    /// <summary>
    /// Whether a response to these preferences, described as <paramref name="chosen"/>, is at least as good as anything <paramref name="presented"/> could get: each
    /// other name that the presented preferences like as well or better was offered to the origin as well or better before, and it did not choose it.
    /// </summary>
    public readonly bool ChoiceHoldsFor(in Preferences presented, ReadOnlySpan<char> chosen)
    {
        var (before, now) = (WeightOf(chosen), presented.WeightOf(chosen));
        if (before == 0 || now == 0) return false;
        foreach (var member in presented.All)
        {
            var name = presented.NameOf(member);
            if (member.Weight < now || Covers(name, chosen)) continue;
            if (name is "*" && Find("*") is null) return false;
            var offered = WeightOf(name);
            if (member.Weight > now ? offered <= before : offered < before) return false;
        }

        return true;
    }

    /// <summary>The weight of a name where it stands in the list itself; null where only <c>*</c> may speak of it.</summary>
    public readonly int? WeightOfMember(ReadOnlySpan<char> name) => Find(name)?.Weight;

    /// <summary>RFC 9110 §8.4.1: x-gzip and x-compress are the same codings as without.</summary>
    public static ReadOnlySpan<char> CodingOf(ReadOnlySpan<char> name) =>
        name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-compress", StringComparison.OrdinalIgnoreCase) ? name[2..] : name;

    // A coding is only itself; a language range is also every tag that it begins (basic filtering).
    private readonly bool Covers(ReadOnlySpan<char> range, ReadOnlySpan<char> name) => name.StartsWith(range, StringComparison.OrdinalIgnoreCase)
        && (name.Length == range.Length || (!_areCodings && name[range.Length] == '-'));

    private readonly Preference? Find(ReadOnlySpan<char> name)
    {
        foreach (var member in All)
            if (NameOf(member).Equals(name, StringComparison.OrdinalIgnoreCase)) return member;
        return null;
    }

    private readonly ReadOnlySpan<char> NameOf(Preference member)
    {
        var name = _text.Slice(member.Start, member.Length);
        return _areCodings ? CodingOf(name) : name;
    }

    private bool Add(int start, int length)
    {
        while (Grammar.IsWhitespace(_text[start])) (start, length) = (start + 1, length - 1);
        var member = _text.Slice(start, length);
        var nameLength = Grammar.TokenLength(member);
        if (nameLength == 0 || !TryWeight(member[nameLength..], out var weight)) return false;
        var added = new Preference(start, nameLength, weight);
        if (Find(NameOf(added)) is { } known) return known.Weight == weight;
        if (_count == Most) return false;
        _members[_count++] = added;
        return true;
    }

    // RFC 9110 §12.4.2: OWS ";" OWS "q=" qvalue; nothing is 1.
    private static bool TryWeight(ReadOnlySpan<char> text, out int thousandths)
    {
        thousandths = 1000;
        text = Grammar.TrimWhitespace(text);
        if (text.IsEmpty) return true;
        if (text[0] != ';') return false;
        text = Grammar.TrimWhitespace(text[1..]);
        if (text is not (['q' or 'Q', '=', '0' or '1'] or ['q' or 'Q', '=', '0' or '1', '.', ..]) || text.Length > 7) return false;
        if (!decimal.TryParse(text[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) || weight > 1) return false;
        thousandths = (int)(weight * 1000);
        return true;
    }

    private readonly record struct Preference(int Start, int Length, int Weight);

    [InlineArray(Most)]
    private struct Members
    {
        private Preference _first;
    }
}
