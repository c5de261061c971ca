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

    public Task<int?> Invalidate(string uri) => Sure(() => grains.GetGrain<IResourceGrain>(uri).Invalidate());

    public Task<int?> Invalidate(ImmutableArray<string> uris, bool isSoft) => Sure(() => grains.GetGrain<IResourceGrain>(uris[0]).InvalidateUris(uris, isSoft));

    public async Task<bool> Invalidate(Scope scope, bool isSoft) => await Sure(() => Done(grains.GetGrain<IGroupLedgerGrain>(0).InvalidateScope(scope, isSoft))) is not null;

    public async Task<bool> InvalidateGroups(ImmutableArray<string> groups) => await Sure(() => Done(grains.GetGrain<IGroupLedgerGrain>(0).Invalidate(groups))) is not null;

    public async Task Tell(string uri, Func<IResourceGrain, Task> what) =>
        await what(grains.GetGrain<IResourceGrain>(uri)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<int?> Sure(Func<Task<int>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary
        {
            logger.OwnerDidNotAnswer(fault.GetType().Name);
            return null;
        }
    }

    private static async Task<int> Done(Task task)
    {
        await task;
        return 0;
    }
}
