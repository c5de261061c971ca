using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Orleans.Runtime;

namespace Granary.Grains.Tests.Copies;

/// <summary>What a silo does for the others, as <see cref="MemberService"/> does it; each call meets the test before and after.</summary>
internal sealed class MemberDesk(Silo silo) : IMemberService
{
    public Task<Member> Describe() => Answer("Describe", () => Task.FromResult(new Member(silo.Name, silo.Endpoint)));

    public Task<Answer> Ask(string uri, Question question) => Answer("Ask", () => silo.The<PendingAnswers>().Answer(uri, question));

    public Task<int> Invalidate(string uri) => Answer("Invalidate", () => silo.The<Invalidations>().Heed(uri));

    public Task InvalidateGroups(ImmutableArray<string> groups, long number) => Answer("InvalidateGroups", async () =>
    {
        await silo.The<Invalidations>().Heed(new Scope.Groups(groups), isSoft: false, number);
        return true;
    });

    public Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft) => Answer("InvalidateUris", () => silo.The<Invalidations>().Heed(uris, isSoft));

    public Task<long> InvalidateScope(Scope scope, bool isSoft, long number) => Answer("InvalidateScope", () => silo.The<Invalidations>().Heed(scope, isSoft, number));

    public Task<long> LastInvalidation() => Answer("LastInvalidation", () => Task.FromResult(silo.The<GroupEpochs>().Now));

    public Task<EpochsKnown> InvalidatedGroups() => Answer("InvalidatedGroups", () => Task.FromResult(silo.The<GroupEpochs>().Known()));

    public Task<CopyOutcome> TakeCopy(SiloAddress giver, StoredCopy copy) => Answer("TakeCopy", () => silo.The<CopyIntake>().Take(giver, copy));

    public Task<ImmutableArray<StoredCopy>> Find(string uri) => Answer("Find", () => Task.FromResult(silo.The<CopyWriting>().Find(uri)));

    public Task<StoredCopy?> Confirm(string uri, long contentId) => Answer("Confirm", () => Task.FromResult(silo.The<CopyWriting>().Confirm(uri, contentId)));

    public Task<ExplainedPlace> Explain(ImmutableArray<string> keys) => Answer("Explain", () => Task.FromResult(silo.The<Explainer>().Here(silo.Name, keys)));

    public Task<TimeSpan?> SinceLoss(long version) => Answer("SinceLoss", () => silo.The<Departures>().Since(version));

    public Task<Vouch> Vouch(string other, string heard) => Answer("Vouch", () => Task.FromResult(silo.The<Vouching>().For(other, heard)));

    public Task LeavesWithoutLeases(SiloAddress leaver) => Answer("LeavesWithoutLeases", () =>
    {
        silo.The<Departures>().LeavesInOrder(leaver);
        return Task.FromResult(true);
    });

    private async Task<T> Answer<T>(string what, Func<Task<T>> answer)
    {
        if (silo.Cluster.Frozen.TryGetValue(silo, out var frozen)) await frozen.Task;
        await silo.Cluster.Meets(new Step(what, silo));
        if (silo.Cluster.Dead.Contains(silo)) throw new SiloUnavailableException();
        var said = await answer();
        await silo.Cluster.Meets(new Step(what + " done", silo));
        return said;
    }
}
