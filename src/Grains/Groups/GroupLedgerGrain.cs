using System.Collections.Immutable;
using Granary.Grains.Placement;
using Granary.Grains.Resources;
using Orleans.Concurrency;

namespace Granary.Grains.Groups;

/// <inheritdoc cref="IGroupLedgerGrain"/>
/// <remarks>It keeps nothing: it finds the silo whose <see cref="Ledger"/> is asked first, and can come up anywhere.</remarks>
[Reentrant, RendezvousPlacement]
internal sealed class GroupLedgerGrain(Ledger ledger) : Grain, IGroupLedgerGrain
{
    public Task Invalidate(ImmutableArray<string> groups) => ledger.Invalidate(new Scope.Groups(groups), isSoft: false);

    public Task InvalidateScope(Scope scope, bool isSoft) => ledger.Invalidate(scope, isSoft);

    public Task<Purged> Purge(Scope scope, bool isSoft) => ledger.Invalidate(scope, isSoft);
}
