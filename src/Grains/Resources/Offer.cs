using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources;

/// <summary>The stored responses whose validators a fetch carries (RFC 9111 §4.3.1); none for an unconditional fetch.</summary>
/// <param name="Selected">The one that the request selects, if it is offered: what comes instead of it replaces it.</param>
internal sealed record Offer(ImmutableArray<StoredVariant> Variants, StoredVariant? Selected)
{
    public bool IsEmpty => Variants.IsEmpty;

    /// <summary>Others beside the selected one are offered, so a 304 has to say which it means.</summary>
    public bool IsWide => Variants.Length > (Selected is null ? 0 : 1);

    public ImmutableArray<StoredResponse> Responses => ImmutableArray.CreateRange(Variants, static variant => variant.Response);

    public static Offer Narrow(StoredVariant? selected) => new(selected is null ? [] : [selected], selected);

    public static Offer Wide(Choice choice)
    {
        if (choice.Variants.Length <= (choice.Selected is null ? 0 : 1)) return Narrow(choice.Selected);
        var whole = choice.Variants.Where(variant => MayOffer(choice, variant)).ToImmutableArray();
        var selected = choice.Selected is null ? -1 : whole.IndexOf(choice.Selected);
        var others = Offering.Others(choice.Presented, ImmutableArray.CreateRange(whole, static variant => variant.Response), selected);
        ImmutableArray<StoredVariant> first = choice.Selected is { } it ? [it] : [];
        return new Offer(first.AddRange(others.Select(i => whole[i])), choice.Selected);
    }

    // A 304 to a client with credentials could be meant for it alone (RFC 9111 §3.5): it freshens nothing that others get, unless the origin lets them share.
    private static bool MayOffer(Choice choice, StoredVariant variant) =>
        variant.Content is { IsRetained: true, State: not ContentState.Failed } && (!choice.IsAuthorized || variant.Response.CacheControl.AllowsAuthorized);
}
