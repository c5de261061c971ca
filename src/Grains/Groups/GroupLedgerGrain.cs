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
        var number = Math.Max(_last, epochs.Now) + 1;
        _last = number;
        await invalidations.Tell(scope, isSoft, number);
    }
}
