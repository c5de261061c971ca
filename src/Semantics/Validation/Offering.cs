using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;

namespace Granary.Semantics.Validation;

/// <summary>
/// Which stored responses a fetch offers for validation (RFC 9111 §4.3.1): the selected one, and those of other variants, so that the origin can say by a 304 that one
/// of them is what it would send (§4.1, §4.3.4).
/// </summary>
public static class Offering
{
    /// <summary>Those beside the selected one that may be offered.</summary>
    /// <param name="selected">Index in <paramref name="stored"/>, or -1.</param>
    public static IReadOnlyList<int> Others(RequestHead presented, IReadOnlyList<StoredResponse> stored, int selected)
    {
        // A list of entity tags would displace the only validator that the selected response has (RFC 9110 §13.1.3).
        if (selected >= 0 && stored[selected] is { EntityTag: null, LastModified: not null }) return [];
        var bearers = Bearers(stored);
        var others = new List<int>();
        for (var i = 0; i < stored.Count; i++)
            if (i != selected && stored[i].Method == Methods.Get && IsUnique(stored[i], bearers) && CanBeRead(presented, stored[i])) others.Add(i);
        return others;
    }

    private static Dictionary<string, int> Bearers(IReadOnlyList<StoredResponse> stored)
    {
        var bearers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var response in stored)
            if (response.EntityTag is { } tag) bearers[tag.Opaque] = bearers.GetValueOrDefault(tag.Opaque) + 1;
        return bearers;
    }

    // A weak tag may stand for the same content in different codings, and so do strong tags of origins that do not know better:
    // a 304 to such a tag would not say which variant it means.
    private static bool IsUnique(StoredResponse stored, Dictionary<string, int> bearers) =>
        stored.EntityTag is { IsWeak: false } tag && bearers[tag.Opaque] == 1;

    private static bool CanBeRead(RequestHead presented, StoredResponse stored) =>
        !stored.Head.Fields.Has(FieldNames.ContentEncoding)
            || NegotiatedField.Liking(FieldNames.AcceptEncoding, presented.Fields.Combined(FieldNames.AcceptEncoding), stored.Head.Fields) > 0;
}
