using System.Collections.Immutable;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Selection;

/// <summary>Which stored response, if any, a presented request may be answered with. RFC 9111 §4 and §4.1.</summary>
public static class Selection
{
    // No nominated field is called this, because it is no token.
    private const string Never = "(never)";

    /// <summary>Nominated values that match no request.</summary>
    public static readonly FieldLines Unmatchable = new([new FieldLine(Never, "")]);

    /// <summary>The method allows it and every nominated field is the same as in the original request.</summary>
    public static bool Matches(RequestHead presented, StoredResponse stored) =>
        MethodAllows(presented.Method, stored.Method) && FieldsMatch(presented.Fields, stored);

    /// <summary>The index of the most recent stored response that matches, or -1; of several from the same instant the first, so list the newest first.</summary>
    public static int Select(RequestHead presented, IReadOnlyList<StoredResponse> stored)
    {
        var selected = -1;
        for (var i = 0; i < stored.Count; i++)
            if (Matches(presented, stored[i]) && (selected < 0 || IsNewer(stored[i], stored[selected]))) selected = i;
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
        return new FieldLines(lines.ToImmutable());
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

    private static bool FieldsMatch(FieldLines presented, StoredResponse stored)
    {
        if (stored.Nominations.IsEverything || ReferenceEquals(stored.Nominated, Unmatchable) || stored.Nominated.Has(Never)) return false;
        foreach (var name in stored.Nominations.Names)
            if (!NominatedValue.Is(presented, name, stored.Nominated.First(name))) return false;
        return true;
    }

    private static bool SameValue(FieldLines a, FieldLines b, string name) =>
        a.First(name) is var first && first == b.First(name) && first is null
            || NominatedValue.Is(a, name, NominatedValue.Of(b, name));

    private static bool IsNewer(StoredResponse a, StoredResponse b) =>
        a.Recency != b.Recency ? a.Recency > b.Recency : a.ResponseTime > b.ResponseTime;
}
