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

    /// <summary>(1): both in normal form.</summary>
    public static bool MeansTheSame(string name, string? presented, string? original)
    {
        var areCodings = IsEncoding(name);
        return Preferences.Of(presented, areCodings) is { } a && Preferences.Of(original, areCodings) is { } b && a.MeansTheSameAs(b);
    }

    /// <summary>(2)</summary>
    public static bool ChoiceHolds(string name, string? presented, string? original, FieldLines response)
    {
        var areCodings = IsEncoding(name);
        return ChosenBy(name, response) is { } chosen
            && Preferences.Of(presented, areCodings) is { } now && Preferences.Of(original, areCodings) is { } before
            && before.ChoiceHoldsFor(now, chosen, byPrefix: !areCodings);
    }

    /// <summary>How much a request likes what was chosen, 0 to 1000; what is not said or not asked for counts as nothing.</summary>
    public static int Liking(string name, string? presented, FieldLines response) =>
        ChosenBy(name, response) is { } chosen && Preferences.Of(presented, IsEncoding(name)) is { } now ? now.WeightOf(chosen, IsLanguage(name)) : 0;

    private static bool IsEncoding(string name) => name.Equals(FieldNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase);

    private static bool IsLanguage(string name) => name.Equals(FieldNames.AcceptLanguage, StringComparison.OrdinalIgnoreCase);

    // Content coded twice, or in several languages, is not described by one name.
    private static string? ChosenBy(string name, FieldLines response)
    {
        if (response.Combined(IsEncoding(name) ? FieldNames.ContentEncoding : FieldNames.ContentLanguage) is not { } said || !Grammar.IsToken(said)) return null;
        var lower = said.ToLowerInvariant();
        return IsEncoding(name) && lower is "x-gzip" or "x-compress" ? lower[2..] : lower;
    }
}
