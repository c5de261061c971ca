using Granary.Semantics.Fields;

namespace Granary.Semantics.Selection;

/// <summary>
/// The nominated request fields whose meaning is known: Accept-Encoding and Accept-Language (RFC 9111 §4.1). Asked only where the characters differ.
/// <para>
/// (1) Two values that mean the same match. (2) A stored response that says what was chosen, by one Content-Encoding or Content-Language, also answers other values for
/// which that choice is known to be the best: the origin was offered everything they like as well or better, and chose this. What a response does not say is not guessed:
/// one without Content-Encoding answers only values that mean the same.
/// </para>
/// </summary>
internal static class NegotiatedField
{
    public static bool IsKnown(string name) => IsEncoding(name) || IsLanguage(name);

    /// <summary>(1), then (2).</summary>
    public static Match MatchOf(string name, string? presented, string? original, FieldLines response)
    {
        var areCodings = IsEncoding(name);
        if (!Preferences.TryRead(presented, areCodings, out var now) || !Preferences.TryRead(original, areCodings, out var before)) return Match.None;
        if (now.MeansTheSameAs(before)) return Match.Same;
        var chosen = ChosenBy(areCodings, response);
        return !chosen.IsEmpty && before.ChoiceHoldsFor(now, chosen) ? Match.ChoiceHolds : Match.None;
    }

    /// <summary>(1) alone.</summary>
    public static bool MeansTheSame(string name, string? presented, string? original)
    {
        var areCodings = IsEncoding(name);
        return Preferences.TryRead(presented, areCodings, out var now) && Preferences.TryRead(original, areCodings, out var before) && now.MeansTheSameAs(before);
    }

    /// <summary>How much a request likes what was chosen, 0 to 1000; what is not said or not asked for counts as nothing.</summary>
    public static int Liking(string name, string? presented, FieldLines response)
    {
        var areCodings = IsEncoding(name);
        var chosen = ChosenBy(areCodings, response);
        return !chosen.IsEmpty && Preferences.TryRead(presented, areCodings, out var now) ? now.WeightOf(chosen) : 0;
    }

    private static bool IsEncoding(string name) => name.Equals(FieldNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase);

    private static bool IsLanguage(string name) => name.Equals(FieldNames.AcceptLanguage, StringComparison.OrdinalIgnoreCase);

    // Content coded twice, or in several languages, is not described by one name.
    private static ReadOnlySpan<char> ChosenBy(bool isCoding, FieldLines response)
    {
        var said = response.Combined(isCoding ? FieldNames.ContentEncoding : FieldNames.ContentLanguage);
        if (!Grammar.IsToken(said)) return default;
        return isCoding ? Preferences.CodingOf(said) : said;
    }
}

/// <summary>How well a stored response matches a request.</summary>
internal enum Match
{
    None,

    /// <summary>What was chosen for another request is the best for this one too.</summary>
    ChoiceHolds,

    /// <summary>Every nominated field is the same, or means the same.</summary>
    Same,
}
