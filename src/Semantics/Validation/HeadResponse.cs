using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Validation;

/// <summary>What a 200 to HEAD does to a stored response to GET. RFC 9111 §4.3.5.</summary>
public enum HeadEffect
{
    /// <summary>It says nothing about the stored response.</summary>
    None,

    /// <summary>Same representation: the stored response may be updated with its fields.</summary>
    Freshens,

    /// <summary>Another representation: the stored response is to be considered stale.</summary>
    Outdates,
}

/// <inheritdoc cref="HeadEffect"/>
public static class HeadResponse
{
    public static HeadEffect On(StoredResponse stored, ResponseHead head)
    {
        if (head.Status != 200 || stored.Head.Status != 200 || stored.Method != Methods.Get) return HeadEffect.None;
        return Agrees(stored, head.Fields, FieldNames.ETag) && Agrees(stored, head.Fields, FieldNames.LastModified)
            && Agrees(stored, head.Fields, FieldNames.ContentLength) ? HeadEffect.Freshens : HeadEffect.Outdates;
    }

    // A field that the newer response has must be the same in the stored one.
    private static bool Agrees(StoredResponse stored, FieldLines head, string name) =>
        head.First(name) is not { } value || stored.Head.Fields.First(name) == value;
}
