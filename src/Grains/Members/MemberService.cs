using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <inheritdoc cref="IMemberService"/>
internal sealed class MemberService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, Identity self, Invalidations invalidations, GroupEpochs epochs, CopyIntake intake, CopyWriting copies,
    PendingAnswers answers)
    : GrainService(id, silo, loggers), IMemberService
{
    public Task<Member> Describe() => Task.FromResult(new Member(self.Name, self.Endpoint()));

    public Task<Answer> Ask(string uri, Question question) => answers.Answer(uri, question);

    public Task<int> Invalidate(string uri) => Task.FromResult(invalidations.Apply(uri));

    public Task InvalidateGroups(ImmutableArray<string> groups, long number)
    {
        invalidations.Apply(new Scope.Groups(groups), isSoft: false, number);
        return Task.CompletedTask;
    }

    public Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft) => Task.FromResult(invalidations.Apply(uris, isSoft));

    public Task<long> InvalidateScope(Scope scope, bool isSoft, long number) => Task.FromResult(invalidations.Apply(scope, isSoft, number));

    public Task<long> LastInvalidation() => Task.FromResult(epochs.Now);

    public Task<EpochsKnown> InvalidatedGroups() => Task.FromResult(epochs.Known());

    public Task<CopyOutcome> TakeCopy(SiloAddress giver, StoredCopy copy) => intake.Take(giver, copy);

    public Task<ImmutableArray<StoredCopy>> Find(string uri) => Task.FromResult(copies.Find(uri));

    public Task<StoredCopy?> Confirm(string uri, long contentId) => Task.FromResult(copies.Confirm(uri, contentId));
}
