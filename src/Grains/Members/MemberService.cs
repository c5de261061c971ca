using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Resources;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <inheritdoc cref="IMemberService"/>
internal sealed class MemberService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, Identity self, Invalidations invalidations, GroupEpochs epochs, CopyIntake intake, CopyWriting copies,
    PendingAnswers answers, Departures departures, Vouching vouching, Explainer explaining)
    : GrainService(id, silo, loggers), IMemberService
{
    public Task<Member> Describe() => Task.FromResult(new Member(self.Name, self.Endpoint()));

    public Task<Answer> Ask(string uri, Question question) => answers.Answer(uri, question);

    public Task<int> Invalidate(string uri) => invalidations.Heed(uri);

    public Task InvalidateGroups(ImmutableArray<string> groups, long number) => invalidations.Heed(new Scope.Groups(groups), isSoft: false, number);

    public Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft) => invalidations.Heed(uris, isSoft);

    public Task<long> InvalidateScope(Scope scope, bool isSoft, long number) => invalidations.Heed(scope, isSoft, number);

    public Task<long> LastInvalidation() => Task.FromResult(epochs.Now);

    public Task<EpochsKnown> InvalidatedGroups() => Task.FromResult(epochs.Known());

    public Task<CopyOutcome> TakeCopy(SiloAddress giver, StoredCopy copy) => intake.Take(giver, copy);

    public Task<ImmutableArray<StoredCopy>> Find(string uri) => Task.FromResult(copies.Find(uri));

    public Task<StoredCopy?> Confirm(string uri, long contentId) => Task.FromResult(copies.Confirm(uri, contentId));

    public Task<ExplainedPlace> Explain(ImmutableArray<string> keys) => Task.FromResult(explaining.Here(self.Name, keys));

    public Task<TimeSpan?> SinceLoss(long version) => departures.Since(version);

    public Task<Vouch> Vouch(string silo, string heard) => Task.FromResult(vouching.For(silo, heard));

    public Task LeavesWithoutLeases(SiloAddress silo)
    {
        departures.LeavesInOrder(silo);
        return Task.CompletedTask;
    }
}
