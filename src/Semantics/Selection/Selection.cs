using System.Collections.Immutable;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Selection;

/// <summary>Which stored response, if any, a presented request may be answered with. RFC 9111 §4 and §4.1.</summary>
public static class Selection
{
    // No nominated field is called this, because it is no token.
    private const string Never = "(never)";

    private static readonly ReadBefore<FieldLines> NominatedBefore = new();

    /// <summary>Nominated values that match no request.</summary>
    public static readonly FieldLines Unmatchable = new([new FieldLine(Never, "")]);

    /// <summary>The method allows it and every nominated field matches that of the original request.</summary>
    public static bool Matches(RequestHead presented, StoredResponse stored) => MatchOf(presented, stored) != Match.None;

    /// <summary>
    /// The index of the stored response to choose, or -1: the most recent of those that match in every nominated field; else, of those whose negotiated choice
    /// holds for the request too, the one it likes best, then the most recent. Of several from the same instant the first, so list the newest first.
    /// Allocates nothing where the list is a value.
    /// </summary>
    public static int Select<TList>(RequestHead presented, TList stored) where TList : IReadOnlyList<StoredResponse>
    {
        var (selected, best) = (-1, Match.None);
        for (var i = 0; i < stored.Count; i++)
        {
            var match = MatchOf(presented, stored[i]);
            if (match == Match.None || match < best) continue;
            if (match > best || IsPreferred(presented, match, stored[i], stored[selected])) (selected, best) = (i, match);
        }

        return selected;
    }

    /// <summary>Whether both answer exactly the same requests, so that the newer replaces the older.</summary>
    public static bool SameVariant(StoredResponse a, StoredResponse b)
    {
        if (a.Method != b.Method || !a.Nominations.Equals(b.Nominations) || a.Nominated.Count != b.Nominated.Count) return false;
        foreach (var line in a.Nominated)
            if (b.Nominated.First(line.Name) != line.Value) return false;
        return true;
    }

    /// <summary>The fields of <paramref name="request"/> that Vary in the response nominates, in normal form; one that is absent is left out.</summary>
    public static FieldLines Nominate(RequestHead request, FieldLines responseFields)
    {
        var nominations = Nominations.Of(responseFields);
        if (nominations.Names.IsEmpty) return nominations.IsEverything ? Unmatchable : FieldLines.Empty;
        var lines = ImmutableArray.CreateBuilder<FieldLine>(nominations.Names.Length);
        foreach (var name in nominations.Names)
            if (NominatedValue.Of(request.Fields, name) is { } value) lines.Add(new FieldLine(name, value));
        return lines.Count == 1 ? One(lines[0]) : new FieldLines(lines.ToImmutable());
    }

    // Mostly Accept-Encoding alone, and then few clients say anything new.
    private static FieldLines One(FieldLine line)
    {
        if (NominatedBefore.Find(line.Value) is { } known && known[0].Name == line.Name) return known;
        return NominatedBefore.Keep(line.Value, new FieldLines([line]));
    }

    /// <summary>
    /// Whether a request may wait for a fetch whose head is not here yet: by all that is known of this URI both would select the same
    /// response. Waiting is a guess; the head, once here, is matched like any other.
    /// </summary>
    public static bool CouldMatch(RequestHead presented, RequestHead underWay, IReadOnlyList<StoredResponse> known)
    {
        if (!MethodAllows(presented.Method, underWay.Method)) return false;
        for (var i = 0; i < known.Count; i++)
        {
            if (known[i].Nominations.IsEverything) return false;
            foreach (var name in known[i].Nominations.Names)
                if (!SameValue(presented.Fields, underWay.Fields, name)) return false;
        }

        return true;
    }

    // A response to HEAD has no content to answer GET with; a response to GET answers both (RFC 9110 §9.3.2).
    private static bool MethodAllows(string presented, string original) =>
        original == presented || (original == Methods.Get && presented == Methods.Head);

    private static Match MatchOf(RequestHead presented, StoredResponse stored)
    {
        if (stored.Nominations.IsEverything || !MethodAllows(presented.Method, stored.Method)) return Match.None;
        var match = MatchOf(presented.Fields, stored, stored.Nominated);
        foreach (var also in stored.AlsoNominated)
            if (match != Match.Same && MatchOf(presented.Fields, stored, also) is var other && other > match) match = other;
        return match;
    }

    private static Match MatchOf(FieldLines presented, StoredResponse stored, FieldLines original)
    {
        if (ReferenceEquals(original, Unmatchable) || original.Has(Never)) return Match.None;
        var match = Match.Same;
        foreach (var name in stored.Nominations.Names)
        {
            var before = original.First(name);
            if (NominatedValue.Is(presented, name, before)) continue;
            if (!NegotiatedField.IsKnown(name)) return Match.None;
            var negotiated = NegotiatedField.MatchOf(name, presented.Combined(name), before, stored.Head.Fields);
            if (negotiated == Match.None) return Match.None;
            if (negotiated < match) match = negotiated;
        }

        return match;
    }

    private static bool SameValue(FieldLines a, FieldLines b, string name)
    {
        if (!a.Has(name) && !b.Has(name)) return true;
        var other = NominatedValue.Of(b, name);
        return NominatedValue.Is(a, name, other)
            || (NegotiatedField.IsKnown(name) && NegotiatedField.MeansTheSame(name, a.Combined(name), other));
    }

    private static bool IsPreferred(RequestHead presented, Match match, StoredResponse a, StoredResponse b)
    {
        if (match == Match.Same) return IsNewer(a, b);
        var (likingA, likingB) = (Liking(presented.Fields, a), Liking(presented.Fields, b));
        return likingA != likingB ? likingA > likingB : IsNewer(a, b);
    }

    private static int Liking(FieldLines presented, StoredResponse stored) =>
        NegotiatedField.Liking(FieldNames.AcceptLanguage, presented.Combined(FieldNames.AcceptLanguage), stored.Head.Fields)
            + NegotiatedField.Liking(FieldNames.AcceptEncoding, presented.Combined(FieldNames.AcceptEncoding), stored.Head.Fields);

    private static bool IsNewer(StoredResponse a, StoredResponse b) =>
        a.Recency != b.Recency ? a.Recency > b.Recency : a.ResponseTime > b.ResponseTime;
}
