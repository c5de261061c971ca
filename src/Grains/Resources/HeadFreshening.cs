using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Grains.Store;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;
using Granary.Semantics.Storability;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources;

/// <summary>A 200 to a HEAD that was passed.</summary>
/// <param name="Delay">From the request sent to the head received, by the edge's monotonic clock.</param>
[GenerateSerializer, Immutable, Alias("granary.PassedHead")]
public sealed record PassedHead(
    [property: Id(0)] RequestHead Presented, [property: Id(1)] ResponseHead Head, [property: Id(2)] OriginRoute Route, [property: Id(3)] TimeSpan Delay);

/// <summary>What such a response does to the stored response that the same request with GET would select: it freshens it or makes it stale. RFC 9111 §4.3.5.</summary>
internal sealed class HeadFreshening(ResponseStore store, Func<ResourceOptions> options, TimeProvider clock, ILogger<HeadFreshening> logger)
{
    public void Apply(string uri, PassedHead passed)
    {
        if (Selected(uri, passed) is not { IsOutdated: false } stored) return; // it may have been sent before the invalidation
        var effect = HeadResponse.On(stored.Response, passed.Head);
        if (effect == HeadEffect.Outdates) Replace(uri, stored, stored with { Response = stored.Response.Outdated() });
        else if (effect == HeadEffect.Freshens && MayUpdate(passed)) Freshen(uri, stored, passed);
    }

    // Not one that arrived after the HEAD was sent: it is the newer of the two.
    private StoredVariant? Selected(string uri, PassedHead passed)
    {
        var variants = store.Find(uri);
        var index = Selection.Select(passed.Presented, new StoredResponses(variants));
        return index >= 0 && clock.GetElapsedTime(variants[index].ReceivedTimestamp) >= passed.Delay ? variants[index] : null;
    }

    // What could not be stored from a GET says nothing to others than the client that asked (§3.5, §5.2.2.7).
    private bool MayUpdate(PassedHead passed) => Storability.WhyNot(passed.Presented, passed.Head, options().For(passed.Route, passed.Presented).Storability) is null or NotStored.NeverReusable;

    private void Freshen(string uri, StoredVariant stored, PassedHead passed)
    {
        var now = clock.GetUtcNow();
        var response = stored.Response.Freshened(passed.Head, now - passed.Delay, now, options().For(passed.Route, passed.Presented).Freshness);
        if (response.MayBeKept) Replace(uri, stored, stored with { Response = response, ReceivedTimestamp = clock.GetTimestamp() });
        else store.Remove(uri, stored);
    }

    private void Replace(string uri, StoredVariant stored, StoredVariant with)
    {
        if (store.Replace(uri, stored, with)) logger.ResponseFreshened(uri, with.Response.Lifetime.Value);
    }
}
