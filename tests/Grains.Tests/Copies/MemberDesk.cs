using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Orleans.Runtime;

namespace Granary.Grains.Tests.Copies;

/// <summary>What a silo does for the others, as <see cref="MemberService"/> does it; each call meets the test before and after.</summary>
internal sealed class MemberDesk(Silo silo) : IMemberService
{
    public Task<Member> Describe() => Answer("Describe", () => Task.FromResult(new Member(silo.Name, silo.Endpoint)));

    public Task<Answer> Ask(string uri, Question question) => Answer("Ask", () => silo.The<PendingAnswers>().Answer(uri, question));

    public Task<int> Invalidate(string uri) => Answer("Invalidate", () => Task.FromResult(silo.The<Invalidations>().Apply(uri)));

    public Task InvalidateGroups(ImmutableArray<string> groups, long number) => Answer("InvalidateGroups", () =>
    {
        silo.The<GroupEpochs>().Invalidate(groups, number);
        return Task.FromResult(true);
    });

    public Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft) => Answer("InvalidateUris", () => Task.FromResult(silo.The<Invalidations>().Apply(uris, isSoft)));

    public Task<long> InvalidateScope(Scope scope, bool isSoft, long number) => Answer("InvalidateScope", () => Task.FromResult(silo.The<Invalidations>().Apply(scope, isSoft, number)));

    public Task<long> LastInvalidation() => Answer("LastInvalidation", () => Task.FromResult(silo.The<GroupEpochs>().Now));

    public Task<EpochsKnown> InvalidatedGroups() => Answer("InvalidatedGroups", () => Task.FromResult(silo.The<GroupEpochs>().Known()));

    public Task<CopyOutcome> TakeCopy(SiloAddress giver, StoredCopy copy) => Answer("TakeCopy", () => silo.The<CopyIntake>().Take(giver, copy));

    public Task<ImmutableArray<StoredCopy>> Find(string uri) => Answer("Find", () => Task.FromResult(silo.The<CopyWriting>().Find(uri)));

    public Task<StoredCopy?> Confirm(string uri, long contentId) => Answer("Confirm", () => Task.FromResult(silo.The<CopyWriting>().Confirm(uri, contentId)));

    private async Task<T> Answer<T>(string what, Func<Task<T>> answer)
    {
        await silo.Cluster.Meets(new Step(what, silo));
        if (silo.Cluster.Dead.Contains(silo)) throw new SiloUnavailableException();
        var said = await answer();
        await silo.Cluster.Meets(new Step(what + " done", silo));
        return said;
    }
}
