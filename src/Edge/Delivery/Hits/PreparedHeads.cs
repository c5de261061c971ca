using System.Globalization;
using Granary.Edge.Presenting;
using Granary.Grains.Resources;
using Granary.Semantics.CacheStatus;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>What changes from second to second in the head of a prepared hit.</summary>
internal sealed class PreparedHeads(Pseudonym pseudonym, TimeProvider clock)
{
    public PreparedHit.Moment At(PreparedHit hit, Answer.Serve answer)
    {
        var (seconds, ttl) = ((long)answer.CurrentAge!.Value.TotalSeconds, answer.Status.Ttl);
        return hit.Last is { } last && last.Seconds == seconds && last.Ttl == ttl ? last : hit.Last = MomentOf(hit, seconds, answer.Status);
    }

    private PreparedHit.Moment MomentOf(PreparedHit hit, long seconds, CacheStatus status) =>
        new(seconds, status.Ttl, seconds.ToString(CultureInfo.InvariantCulture), StringValues.Concat(hit.CacheStatuses, status.ToFieldValue(pseudonym.Name)), clock.GetUtcNow());
}
