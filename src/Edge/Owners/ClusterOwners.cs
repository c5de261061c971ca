using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Silo.Configuration;

namespace Granary.Edge.Owners;

/// <summary>
/// The owners are in other processes, which may be slow, frozen or gone: (1) ask the owner's grain  (2) without a sign of life in time, ask silos directly: the
/// stand-in first, then the owner, which may live behind a gateway that does not, then all others. Each tries the owner once more, and stands in for it if it is not there  (3) an answer that is pending is asked for again where it is.
/// </summary>
internal sealed class ClusterOwners(IGrainFactory grains, Silos silos, SiloCalls calls, Func<LeaseSettings> leases, TimeProvider clock, ILogger<ClusterOwners> logger) : IOwners
{
    /// <summary>Without a sign of life for so long there is trouble. An owner that waits for an origin shows one every 400 ms.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>A silo that was asked directly shows a sign of life every 400 ms as well; after this the next is asked too.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(600);

    /// <summary>Of what is asked of a silo directly: one that is gone refuses at once, and one that has much to do is no reason to burden the origin (P1).</summary>
    private static readonly TimeSpan DirectDeadline = TimeSpan.FromSeconds(2.5);

    /// <summary>Longer than the silos take to be sure of an invalidation, or to give up: until a silo is found dead, and then until its leases have run out.</summary>
    private TimeSpan InvalidationDeadline => TimeSpan.FromSeconds(15) + 2 * leases().Duration;

    /// <summary>Of what the owner of a URI, or the ledger, tells to all: whoever holds leases is waited for, one lease at most.</summary>
    private TimeSpan RecallDeadline => Deadline + leases().Duration;

    /// <summary>Whoever tells an invalidation may be what does not answer. Told twice it does no harm; so others are asked as well after this.</summary>
    private static readonly TimeSpan Hedge = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<Answer?> Ask(string uri, Question question, CancellationToken cancellationToken)
    {
        var asked = question with { WantsPulse = true };
        Member? via = null;
        while (true)
        {
            var (answer, from) = await AskOnce(uri, asked, via, cancellationToken);
            if (answer is not Answer.Pending pending) return answer;
            (asked, via) = (asked with { Pending = pending.Id }, from);                                    // (3)
        }
    }

    private async Task<Asked> AskOnce(string uri, Question question, Member? via, CancellationToken cancellationToken)
    {
        var ranked = silos.Ranked(uri);
        if (via is null && await AskOwner(uri, question, ranked.FirstOrDefault(), cancellationToken) is { } answer) return new Asked(answer, null); // (1)
        Member?[] inTurn = [via, .. ranked.Skip(1).Take(1), .. ranked.Take(1), .. ranked.Skip(2)];
        return await AskInTurn(inTurn.OfType<Member>().Distinct(), uri, question, cancellationToken);                                         // (2)
    }

    private async Task<Answer?> AskOwner(string uri, Question question, Member? owner, CancellationToken cancellationToken)
    {
        if (owner is not null && silos.IsDoubted(owner)) return null;
        var deadline = owner is null ? DirectDeadline : Deadline; // with nobody else to ask there is no hurry
        var answer = await AskGrain(uri, question, deadline, cancellationToken);
        if (answer is null && owner is not null && silos.Doubts(owner)) logger.OwnerIsDoubted(owner.Name);
        return answer;
    }

    // The next is asked when those before it failed, or were silent for longer than any that lives; the first answer counts. One that is frozen still takes connections.
    private async Task<Asked> AskInTurn(IEnumerable<Member> inTurn, string uri, Question question, CancellationToken cancellationToken)
    {
        var asked = new List<Task<Asked>>();
        foreach (var silo in inTurn.Where(silo => !silos.IsSilent(silo)))
        {
            asked.Add(AskDirectly(silo, uri, question, cancellationToken));
            if (await First(asked, Silence) is { Answer: not null } answered) return answered;
        }

        return await First(asked, DirectDeadline);
    }

    private async Task<Asked> First(List<Task<Asked>> asked, TimeSpan patience)
    {
        using var over = new CancellationTokenSource();
        var late = Task.Delay(patience, clock, over.Token);
        while (asked.Count > 0 && await Task.WhenAny([.. asked, late]) is Task<Asked> one)
        {
            asked.Remove(one);
            if (await one is not { Answer: not null } answered) continue;
            await over.CancelAsync();
            return answered;
        }

        await over.CancelAsync();
        return default;
    }

    private async Task<Answer?> AskGrain(string uri, Question question, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IResourceGrain>(uri).Ask(question).WaitAsync(deadline, clock, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested) // of whatever kind: it comes from beyond a boundary
        {
            logger.OwnerDidNotAnswer(fault.GetType().Name);
            return null;
        }
    }

    private async Task<Asked> AskDirectly(Member silo, string uri, Question question, CancellationToken cancellationToken)
    {
        var reply = await calls.Ask(silo, new MemberCall.Ask(uri, question), DirectDeadline, cancellationToken);
        if (reply is null) silos.HearsNothingOf(silo);
        return new Asked((reply as MemberReply.Answered)?.Answer, silo);
    }

    public async Task<int?> Invalidate(string uri) => (await Surely(() => Hit(grains.GetGrain<IResourceGrain>(uri).Invalidate()), new MemberCall.Invalidate(uri), HedgeOf(uri)))?.Hit;

    public async Task<bool> InvalidateGroups(ImmutableArray<string> groups) =>
        await Surely(() => Done(grains.GetGrain<IGroupLedgerGrain>(0).Invalidate(groups)), new MemberCall.InvalidateGroups(groups), Hedge) is not null;

    public Task<Purged?> Invalidate(ImmutableArray<string> uris, bool isSoft) =>
        Surely(() => grains.GetGrain<IResourceGrain>(uris[0]).Purge(uris, isSoft), new MemberCall.InvalidateUris(uris, isSoft), HedgeOf(uris[0]));

    public Task<Purged?> Invalidate(Scope scope, bool isSoft) =>
        Surely(() => grains.GetGrain<IGroupLedgerGrain>(0).Purge(scope, isSoft), new MemberCall.InvalidateScope(scope, isSoft), Hedge);

    public async Task Tell(string uri, Func<IResourceGrain, Task> what) => await Within(() => Done(what(grains.GetGrain<IResourceGrain>(uri))), Deadline);

    private static async Task<Purged> Hit(Task<int> hit) => new(await hit, []);

    private static async Task<Purged> Done(Task task)
    {
        await task;
        return new Purged(0, []);
    }

    private async Task<Purged?> Within(Func<Task<Purged>> call, TimeSpan deadline)
    {
        try
        {
            return await call().WaitAsync(deadline, clock);
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary
        {
            logger.OwnerDidNotAnswer(fault.GetType().Name);
            return null;
        }
    }

    // Of an owner that is doubted nothing is expected.
    private TimeSpan HedgeOf(string uri) => silos.Ranked(uri) is [var owner, ..] && silos.IsDoubted(owner) ? TimeSpan.Zero : Hedge;

    // By the owner, or the ledger; and by anybody, if that takes long. Whichever is sure first.
    private async Task<Purged?> Surely(Func<Task<Purged>> byGrain, MemberCall call, TimeSpan hedge)
    {
        var first = Within(byGrain, RecallDeadline);
        using var over = new CancellationTokenSource();
        await Task.WhenAny(first, Task.Delay(hedge, clock, over.Token));
        await over.CancelAsync();
        if (first.IsCompleted && await first is { } soon) return soon;
        var second = Anybody(silos.Members, call);
        if (await Task.WhenAny(first, second) == first && await first is { } late) return late;
        return await second is MemberReply.Removed removed ? new Purged(removed.Count, removed.Fenced) : await first;
    }

    // All at once: whichever tells the others first has told all. One after another, each that is frozen would have to be waited for.
    private async Task<MemberReply?> Anybody(IEnumerable<Member> members, MemberCall call)
    {
        var asked = members.Select(silo => AskWhileMember(silo, call)).ToList();
        while (asked.Count > 0)
        {
            var first = await Task.WhenAny(asked);
            asked.Remove(first);
            if (await first is { } reply and not MemberReply.Unable) return reply;
        }

        return null;
    }

    // It may take as long as the deadline; of one that is found dead meanwhile nothing will come.
    private async Task<MemberReply?> AskWhileMember(Member silo, MemberCall call)
    {
        using var gone = new CancellationTokenSource();
        var asking = calls.Ask(silo, call, InvalidationDeadline, gone.Token);
        while (!asking.IsCompleted && silos.Members.Contains(silo)) await Task.WhenAny(asking, Task.Delay(Pause, clock));
        if (asking.IsCompleted) return await asking;
        await gone.CancelAsync();
        await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    /// <param name="Via">The silo that was asked directly; null: the owner, through Orleans.</param>
    private readonly record struct Asked(Answer? Answer, Member? Via);
}
