using System.Collections.Immutable;

namespace Granary.Grains.Groups;

/// <inheritdoc cref="IGroupLedgerGrain"/>
internal sealed class GroupLedgerGrain(GroupEpochs epochs) : Grain, IGroupLedgerGrain
{
    public Task Invalidate(ImmutableArray<string> groups)
    {
        epochs.Invalidate(groups);
        return Task.CompletedTask;
    }
}
