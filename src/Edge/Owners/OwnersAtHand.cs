using System.Collections.Immutable;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;

namespace Granary.Edge.Owners;

/// <summary>
/// The owner of every URI is this process. A grain finds the silo that decides for a URI, and here there is one: questions go to it without a grain, so that none is placed, registered and collected for each URL
/// that is asked for once (decision 0029). What it would answer from the store alone is read there.
/// </summary>
internal sealed class OwnersAtHand(IGrainFactory grains, PendingAnswers answers, StoredHits stored, DecisionLog decisions, ILogger<OwnersAtHand> logger) : IOwners, IHitsAtHand
{
    public Answer.Serve? Find(string uri, Question question, out ImmutableArray<StoredVariant> variants) => stored.Find(uri, question, out variants);

    public Task<Answer?> Ask(string uri, Question question, CancellationToken cancellationToken)
    {
        if (Find(uri, question, out _) is not { } hit) return AskOwner(uri, question, cancellationToken);
        Gave(uri, hit.Status);
        return Task.FromResult<Answer?>(hit);
    }

    public void Gave(string uri, CacheStatus status) => decisions.Note(uri, status);

    private async Task<Answer?> AskOwner(string uri, Question question, CancellationToken cancellationToken)
    {
        try
        {
            return await answers.Answer(uri, question).WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested) // of whatever kind: it comes from beyond a boundary
        {
            logger.OwnerDidNotAnswer(fault.GetType().Name);
            return null;
        }
    }

    public async Task<int?> Invalidate(string uri) => (await Sure(() => Hit(grains.GetGrain<IResourceGrain>(uri).Invalidate())))?.Hit;

    public Task<Purged?> Invalidate(ImmutableArray<string> uris, bool isSoft) => Sure(() => grains.GetGrain<IResourceGrain>(uris[0]).Purge(uris, isSoft));

    public Task<Purged?> Invalidate(Scope scope, bool isSoft) => Sure(() => grains.GetGrain<IGroupLedgerGrain>(0).Purge(scope, isSoft));

    public async Task<bool> InvalidateGroups(ImmutableArray<string> groups) => await Sure(() => Done(grains.GetGrain<IGroupLedgerGrain>(0).Invalidate(groups))) is not null;

    public async Task Tell(string uri, Func<IResourceGrain, Task> what) =>
        await what(grains.GetGrain<IResourceGrain>(uri)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<Purged?> Sure(Func<Task<Purged>> call)
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

    private static async Task<Purged> Hit(Task<int> hit) => new(await hit, []);

    private static async Task<Purged> Done(Task task)
    {
        await task;
        return new Purged(0, []);
    }
}
