using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// Gives popular responses to the silos that rank next for their URI: one that dies is no cold start (P6). Beside all requests, a few at a time; what fails is tried again
/// with later hits.
/// </summary>
internal sealed class CopyGiving(IFellowship fellowship, CopyOffering offering, Func<CopyOptions> options) : IDisposable
{
    private const int MostWaiting = 1024;

    /// <summary>So many more hits before one that failed is offered again.</summary>
    private const int Apart = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _atATime = new(4);
    private readonly bool _isAlone = fellowship is Alone;
    private int _waiting;

    /// <summary>On the way of every hit: in one process a look at a field, else one more reference that is compared, until it is given away one count.</summary>
    public void Reused(string uri, StoredVariant variant)
    {
        if (_isAlone) return;
        var content = variant.Content;
        if (ReferenceEquals(content.GivenAway?.Variant, variant) || (content.CountReuse() < options().CopyAfterHits && content.GivenAway is null)) return;
        if (options().Copies == 0) return;
        Queue(uri, variant);
    }

    public void Dispose() => _atATime.Dispose();

    private void Queue(string uri, StoredVariant variant)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return;
        }

        variant.Content.GivenAway = new Given(variant, []); // at once: the next hit is not to queue it again
        _ = Task.Run(() => Give(new Kept(uri, variant)));
    }

    private async Task Give(Kept kept)
    {
        await _atATime.WaitAsync();
        try
        {
            foreach (var fellow in fellowship.RankedOthers(kept.Key).Take(options().Copies))
                if (await offering.Offer(fellow, kept, Patience) is not { } outcome || !outcome.IsThere()) TryAgain(kept.Variant);
        }
        finally
        {
            _atATime.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static void TryAgain(StoredVariant variant)
    {
        variant.Content.Reuses = -Apart;
        variant.Content.GivenAway = null;
    }
}
