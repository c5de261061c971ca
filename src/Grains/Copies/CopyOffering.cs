using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>Offers a stored response to one other silo, until that has it or says why not.</summary>
internal sealed class CopyOffering(IFellowship fellowship, CopyWriting copies, TimeProvider clock, CopyMeter meter, ILogger<CopyOffering> logger)
{
    private static readonly TimeSpan Once = TimeSpan.FromSeconds(4);

    /// <param name="patience">How long a content may take to arrive there.</param>
    /// <returns>Null if that silo does not answer.</returns>
    public async Task<CopyOutcome?> Offer(Fellow to, Kept kept, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var began = clock.GetTimestamp();
        CopyOutcome? outcome;
        do outcome = await OfferOnce(to, kept, cancellationToken);
        while (outcome == CopyOutcome.Arriving && clock.GetElapsedTime(began) < patience && !cancellationToken.IsCancellationRequested);
        if (outcome?.IsThere() == true) Remember(to, kept.Variant);
        if (outcome == CopyOutcome.Taken) meter.Given();
        logger.CopyOffered(kept.Key, to.Name, outcome?.Word() ?? "silent");
        return outcome;
    }

    private async Task<CopyOutcome?> OfferOnce(Fellow to, Kept kept, CancellationToken cancellationToken)
    {
        if (fellowship.Self() is not { } self) return null;
        try
        {
            return await fellowship.Of(to).TakeCopy(self.Address, copies.Of(kept.Key, kept.Variant)).WaitAsync(Once, clock, cancellationToken);
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException or OperationCanceledException)
        {
            return null;
        }
    }

    private static void Remember(Fellow to, StoredVariant variant)
    {
        var before = variant.Content.GivenAway is { } given && ReferenceEquals(given.Variant, variant) ? given.To : [];
        if (!before.Contains(to.Address)) variant.Content.GivenAway = new Given(variant, before.Add(to.Address));
    }
}
