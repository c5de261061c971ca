using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Grains.Resources;

namespace Granary.Grains.Groups;

/// <inheritdoc cref="IGroupLedgerGrain"/>
/// <remarks>Not reentrant: each silo is told one invalidation after the other. It keeps nothing that the silos do not, so it can come up anywhere.</remarks>
[RendezvousPlacement]
internal sealed class GroupLedgerGrain(GroupEpochs epochs, Invalidations invalidations, Telling telling) : Grain, IGroupLedgerGrain
{
    private long _last;

    /// <summary>Whoever had the ledger before may have told some silos and then died: its numbers are not given again.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _last = (await telling.All(static silo => silo.LastInvalidation())).Append(epochs.Now).Max();

    public Task Invalidate(ImmutableArray<string> groups) => InvalidateScope(new Scope.Groups(groups), isSoft: false);

    public async Task InvalidateScope(Scope scope, bool isSoft)
    {
        while (!await Tell(scope, isSoft, _last = Math.Max(_last, epochs.Now) + 1))
        {
        }
    }

    // A member may know of a higher number: from a ledger that another part of the cluster took for the only one, or from one that is gone and did not come to tell all. What it fetched since
    // then is not hit by a lower one, so all are told again with one that is higher than any.
    private async Task<bool> Tell(Scope scope, bool isSoft, long number)
    {
        var before = await invalidations.Tell(scope, isSoft, number);
        _last = Math.Max(_last, before);
        return before < number;
    }
}
