using System.Globalization;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Selection;

/// <summary>
/// What Accept-Encoding or Accept-Language asks for (RFC 9110 §12.5.3, §12.5.4): codings or language ranges with their weights. Case, whitespace, lines,
/// repetition and, as the text has it, order say nothing.
/// </summary>
internal sealed class Preferences
{
    /// <summary>Longer lists are compared character by character only: comparing is done for each variant of each request.</summary>
    private const int Most = 24;

    private readonly List<Preference> _members = new(8);

    private Preferences() { }

    /// <summary>Null if the text is no list of weighted names; then it means nothing that could be compared.</summary>
    public static Preferences? Of(string? text, bool areCodings)
    {
        if (text is null) return null;
        var read = new Preferences();
        foreach (var range in text.AsSpan().Split(','))
        {
            var member = Grammar.TrimWhitespace(text.AsSpan()[range]);
            if (!member.IsEmpty && !read.Add(member, areCodings)) return null;
        }

        return read;
    }

    /// <summary>Whether both ask for the same, by RFC 9111 §4.1: normalised in a way that is known to have identical semantics.</summary>
    public bool MeansTheSameAs(Preferences other)
    {
        if (_members.Count != other._members.Count) return false;
        foreach (var member in _members)
            if (!other._members.Contains(member)) return false;
        return true;
    }

    /// <summary>The weight of a name in thousandths; 0: not acceptable.</summary>
    /// <param name="byPrefix">Language ranges match longer tags too: basic filtering, RFC 4647 §3.3.1. The longest that matches counts.</param>
    public int WeightOf(string name, bool byPrefix)
    {
        var (weight, length) = (0, -1);
        foreach (var member in _members)
        {
            var matches = member.Name == name || member.Name == "*" || (byPrefix && IsPrefix(member.Name, name));
            var matched = member.Name == "*" ? 0 : member.Name.Length;
            if (matches && matched > length) (weight, length) = (member.Weight, matched);
        }

        return weight;
    }

    /// <summary>
    /// Whether a response to these preferences, described as <paramref name="chosen"/>, is at least as good as anything <paramref name="presented"/> could get: each
    /// other name that the presented preferences like as well or better was offered to the origin as well or better before, and it did not choose it.
    /// </summary>
    public bool ChoiceHoldsFor(Preferences presented, string chosen, bool byPrefix)
    {
        var (before, now) = (WeightOf(chosen, byPrefix), presented.WeightOf(chosen, byPrefix));
        if (before == 0 || now == 0) return false;
        foreach (var (name, weight) in presented._members)
        {
            if (weight < now || name == chosen || (byPrefix && IsPrefix(name, chosen))) continue;
            if (name == "*" && !_members.Exists(static member => member.Name == "*")) return false;
            var offered = WeightOf(name, byPrefix);
            if (weight > now ? offered <= before : offered < before) return false;
        }

        return true;
    }

    private static bool IsPrefix(string range, string tag) =>
        tag.Length > range.Length && tag[range.Length] == '-' && tag.StartsWith(range, StringComparison.Ordinal);

    private bool Add(ReadOnlySpan<char> member, bool areCodings)
    {
        var length = Grammar.TokenLength(member);
        if (length == 0 || !TryWeight(member[length..], out var weight)) return false;
        var name = NameOf(member[..length], areCodings);
        var known = _members.FindIndex(m => m.Name == name);
        if (known >= 0) return _members[known].Weight == weight;
        _members.Add(new Preference(name, weight));
        return _members.Count <= Most;
    }

    // RFC 9110 §8.4.1: x-gzip and x-compress are the same codings.
    private static string NameOf(ReadOnlySpan<char> name, bool isCoding)
    {
        var lower = name.ToString().ToLowerInvariant();
        return isCoding && lower is "x-gzip" or "x-compress" ? lower[2..] : lower;
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

    private readonly record struct Preference(string Name, int Weight);
}
