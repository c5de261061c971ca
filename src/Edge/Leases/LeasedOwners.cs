using System.Collections.Immutable;
using Granary.Edge.Owners;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;

namespace Granary.Edge.Leases;

/// <summary>Answers from leased copies where that is a plain fresh hit, and asks the owner for everything else; what is often a hit there is asked for.</summary>
internal sealed class LeasedOwners(IOwners owners, LeasedCopies copies, LeaseAsking asking, Demand demand, Func<LeaseSettings> settings, DecisionLog decisions, LeaseMeter meter, TimeProvider clock) : IOwners, IHitsAtHand
{
    public Answer.Serve? Find(string uri, Question question, out ImmutableArray<StoredVariant> variants)
    {
        var answer = copies.Reuse(uri, question, out var held);
        variants = held?.Variants ?? [];
        if (held?.IsToBeRenewed(clock.GetTimestamp(), settings().AfterHits) == true) asking.Begin(uri);
        return answer;
    }

    public Task<Answer?> Ask(string uri, Question question, CancellationToken cancellationToken)
    {
        // With a ticket the question waits at a fetch of the owner.
        if (question.Ticket is not null || question.Presented.Method is not (Methods.Get or Methods.Head)) return owners.Ask(uri, question, cancellationToken);
        if (Find(uri, question, out _) is not { } answer) return AskOwner(uri, question, cancellationToken);
        Gave(uri, answer.Status);
        return Task.FromResult<Answer?>(answer);
    }

    public void Gave(string uri, CacheStatus status)
    {
        meter.Answered();
        decisions.Note(uri, status);
    }

    public Task<int?> Invalidate(string uri) => owners.Invalidate(uri);

    public Task<Purged?> Invalidate(ImmutableArray<string> uris, bool isSoft) => owners.Invalidate(uris, isSoft);

    public Task<Purged?> Invalidate(Scope scope, bool isSoft) => owners.Invalidate(scope, isSoft);

    public Task<bool> InvalidateGroups(ImmutableArray<string> groups) => owners.InvalidateGroups(groups);

    public Task Tell(string uri, Func<IResourceGrain, Task> what) => owners.Tell(uri, what);

    private async Task<Answer?> AskOwner(string uri, Question question, CancellationToken cancellationToken)
    {
        var answer = await owners.Ask(uri, question, cancellationToken);
        if (answer is Answer.Serve { Status: { Hit: true, Ttl: > 0 } } hit && hit.Content.Length is not null
            && demand.Count(uri) >= settings().AfterHits) asking.Begin(uri);
        return answer;
    }
}
