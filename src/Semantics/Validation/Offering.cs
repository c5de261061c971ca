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
        var others = new List<int>();
        for (var i = 0; i < stored.Count; i++)
            if (i != selected && stored[i].Method == Methods.Get && IsUnique(stored, i) && CanBeRead(presented, stored[i])) others.Add(i);
        return others;
    }

    // A weak tag may stand for the same content in different codings, and so do strong tags of origins that do not know better:
    // a 304 to such a tag would not say which variant it means.
    private static bool IsUnique(IReadOnlyList<StoredResponse> stored, int index)
    {
        if (stored[index].EntityTag is not { IsWeak: false } tag) return false;
        for (var i = 0; i < stored.Count; i++)
            if (i != index && stored[i].EntityTag is { } other && other.IsWeakly(tag)) return false;
        return true;
    }

    private static bool CanBeRead(RequestHead presented, StoredResponse stored) =>
        !stored.Head.Fields.Has(FieldNames.ContentEncoding)
            || NegotiatedField.Liking(FieldNames.AcceptEncoding, presented.Fields.Combined(FieldNames.AcceptEncoding), stored.Head.Fields) > 0;
}
