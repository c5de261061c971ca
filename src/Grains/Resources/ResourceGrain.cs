using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Grains.Resources.Posts;
using Orleans.Concurrency;

namespace Granary.Grains.Resources;

/// <summary>
/// The owner of one target URI. It finds the silo; <see cref="Ownership"/> in it decides, and the silo keeps: an activation may be lost at any time.
/// </summary>
[Reentrant, RendezvousPlacement]
internal sealed class ResourceGrain(
    PendingAnswers answers, FetchesUnderWay underWay, Invalidations invalidations, PassMemory passes, HeadFreshening heads, ExpectedPosts expected,
    PostStoring posts, ActivationBudget activations, IFellowship fellowship)
    : Grain, IResourceGrain
{
    private string _uri = "";
    private ImmutableArray<Fellow> _placedAmong;
    private bool _isMisplaced;
    private int _answering;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _uri = this.GetPrimaryKeyString();
        activations.Entered();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        activations.Left();
        return Task.CompletedTask;
    }

    public async Task<Answer> Ask(Question question)
    {
        _answering++;
        try
        {
            return await answers.Answer(_uri, question);
        }
        finally
        {
            _answering--;
            if (IsMisplaced()) _ = Leave(MigrateOnIdle);
            else if (activations.IsExceeded) _ = Leave(DeactivateOnIdle);
        }
    }

    public Task<int> Invalidate() => invalidations.Tell(_uri);

    public Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft) => invalidations.Tell(uris, isSoft);

    public Task<Purged> Purge(ImmutableArray<string> uris, bool isSoft) => invalidations.Purge(uris, isSoft);

    public Task NoLongerPasses(bool authorized)
    {
        passes.Forget(_uri, authorized);
        return Task.CompletedTask;
    }

    public Task HeadPassed(PassedHead passed)
    {
        heads.Apply(_uri, passed);
        return Task.CompletedTask;
    }

    public Task<PostExpected?> ExpectPost() => Task.FromResult(expected.Expect(_uri));

    public Task PostPassed(PassedPost passed)
    {
        posts.Store(_uri, passed);
        return Task.CompletedTask;
    }

    // Orleans moves nothing when a silo joins: an activation that is always asked would stay for ever where it no longer belongs. Looked at with the first question too:
    // whoever placed it here may not have heard yet of a silo that this one knows.
    private bool IsMisplaced()
    {
        var active = fellowship.Active;
        if (active == _placedAmong) return _isMisplaced;
        _placedAmong = active;
        return _isMisplaced = fellowship.Ranked(_uri) is [var owner, ..] && !fellowship.IsSelf(owner);
    }

    // Never while others wait here: whoever asks a grain that is leaving waits until it has left. Nor during a fetch, which is conducted in its turns.
    // One that is misplaced has to migrate: if it only went, the next of many questions, sent where it was, would bring it up there again.
    private async Task Leave(Action leave)
    {
        while (_answering == 0 && underWay.Of(_uri) is [var fetch, ..]) await fetch.Ended;
        if (_answering == 0) leave();
    }
}
