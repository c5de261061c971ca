namespace Granary.Edge.Leases;

/// <summary>
/// Counts recalls, in stripes of URIs, so that a grant on its way can tell whether one came since it was asked for. Counting and what depends on the count happen under the lock of the stripe:
/// there is no moment at which a copy that was recalled is found. URIs that share a stripe cost each other a grant, no more.
/// </summary>
internal sealed class RecallCounts
{
    private const int Count = 256;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Count).Select(static _ => new Stripe())];

    public long Of(string uri) => Volatile.Read(ref StripeOf(uri).Recalls);

    /// <summary>Counts, and then forgets.</summary>
    public void Recall(string uri, Action<string> forget)
    {
        var stripe = StripeOf(uri);
        lock (stripe.Gate)
        {
            stripe.Recalls++;
            forget(uri);
        }
    }

    /// <returns>False, and nothing done, when a recall came since that count was read.</returns>
    public bool Unless(string uri, long recalledSince, Func<bool> done)
    {
        var stripe = StripeOf(uri);
        lock (stripe.Gate) return stripe.Recalls == recalledSince && done();
    }

    private Stripe StripeOf(string uri) => _stripes[(uint)uri.GetHashCode(StringComparison.Ordinal) % Count];

    private sealed class Stripe
    {
        public readonly Lock Gate = new();

        public long Recalls;
    }
}
