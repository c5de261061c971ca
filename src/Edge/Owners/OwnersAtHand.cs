using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources;

namespace Granary.Edge.Owners;

/// <summary>The owners are in this process.</summary>
internal sealed class OwnersAtHand(IGrainFactory grains, ILogger<OwnersAtHand> logger) : IOwners
{
    public async Task<Answer?> Ask(string uri, Question question, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IResourceGrain>(uri).Ask(question).WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested) // of whatever kind: it comes from beyond a boundary
        {
            logger.OwnerDidNotAnswer(fault.GetType().Name);
            return null;
        }
    }

    public async Task<int?> Invalidate(string uri) => await grains.GetGrain<IResourceGrain>(uri).Invalidate();

    public async Task<int?> Invalidate(ImmutableArray<string> uris, bool isSoft) => await grains.GetGrain<IResourceGrain>(uris[0]).InvalidateUris(uris, isSoft);

    public async Task<bool> Invalidate(Scope scope, bool isSoft)
    {
        await grains.GetGrain<IGroupLedgerGrain>(0).InvalidateScope(scope, isSoft);
        return true;
    }

    public async Task<bool> InvalidateGroups(ImmutableArray<string> groups)
    {
        await grains.GetGrain<IGroupLedgerGrain>(0).Invalidate(groups);
        return true;
    }

    public async Task Tell(string uri, Func<IResourceGrain, Task> what) =>
        await what(grains.GetGrain<IResourceGrain>(uri)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
