using System.Collections.Concurrent;
using Granary.Grains.Placement;
using Granary.Grains.Resources;

namespace Granary.Grains.Members;

/// <summary>
/// Answers an edge that cannot reach the owner of a URI: (1) reuse what this silo keeps  (2) ask the owner, silo to silo: neither the gateway that the edge used nor the directory lies
/// between, either of which may be what failed  (3) the owner is not there, or is this silo: do what it would do. This silo is the one on which the grain comes up next, and what it does meanwhile is here then.
/// </summary>
internal sealed class StandIn(PendingAnswers answers, Ownership ownership, IFellowship fellowship, TimeProvider clock, ILogger<StandIn> logger)
{
    /// <summary>Longer than one pulse of an owner that lives.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(600);

    /// <summary>An owner that shows that it lives is waited for so long: it has much to do, and a second fetch would not help it (P1).</summary>
    private static readonly TimeSpan PatienceWithTheLiving = TimeSpan.FromSeconds(5);

    /// <summary>An owner that did not answer is not asked again for so long, so that no queue forms.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> _doubted = new(StringComparer.Ordinal);

    public Task<Answer> Ask(string uri, Question question) => answers.Answer(question, () => Decide(uri, question));

    private async Task<Answer> Decide(string uri, Question question)
    {
        if (ownership.Reuse(uri, question) is { } copy) return copy;                 // (1)
        if (await AskOwner(uri, question) is { } answer) return answer;              // (2)
        logger.StandsIn(uri);
        return await ownership.Ask(uri, question);                                   // (3)
    }

    private async Task<Answer?> AskOwner(string uri, Question question)
    {
        if (OwnerOf(uri) is not { } owner || fellowship.IsSelf(owner) || IsDoubted(owner)) return null;
        var answer = fellowship.Of(owner).Ask(uri, question with { WantsPulse = true });
        if (await Within(answer, Patience) is { } soon) return soon;
        if (!answer.IsCompleted && await Lives(owner) && await Within(answer, PatienceWithTheLiving) is { } late) return late;
        _doubted[owner.Name] = clock.GetTimestamp();
        return null;
    }

    // It is asked for a sign that costs it nothing, twice: where processors are few a silo may be late and yet live.
    private async Task<bool> Lives(Fellow owner) =>
        await Within(fellowship.Of(owner).Describe(), Patience) is not null || await Within(fellowship.Of(owner).Describe(), Patience) is not null;

    private Fellow? OwnerOf(string uri) => Rendezvous.Rank(uri, fellowship.Active, static fellow => fellow.Name) is [var owner, ..] ? owner : null;

    private bool IsDoubted(Fellow owner) => _doubted.TryGetValue(owner.Name, out var since) && clock.GetElapsedTime(since) < Doubt;

    /// <returns>Null when it does not come in time, or never will.</returns>
    private async Task<T?> Within<T>(Task<T> answer, TimeSpan patience)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(patience, clock);
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
