using System.Collections.Concurrent;
using Granary.Grains.Members;

namespace Granary.Grains.Resources;

/// <summary>
/// Answers that are not there yet. An asker in another process is told so after one <see cref="Pulse"/> at the latest, and comes back for it: so it can tell a slow origin
/// from a silo that is no more. What is not fetched for is let go after <see cref="Patience"/>.
/// </summary>
internal sealed class PendingAnswers(Ownership ownership, OutgoingAnswers outgoing, Presence presence, TimeProvider clock)
{
    public static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // An id from another silo, or from the one before, must not fit one of this: ids start anywhere.
    private long _lastId = Random.Shared.NextInt64(1L << 62);

    private readonly ConcurrentDictionary<long, Kept> _kept = new();

    public Task<Answer> Answer(string uri, Question question)
    {
        if (!question.WantsPulse) return ownership.Ask(uri, question);
        return Taken(question) is { } pending ? Within(pending, question) : Within(ownership.Ask(uri, question), question);
    }

    /// <summary>The same for an answer that is come by in another way.</summary>
    public Task<Answer> Answer(Question question, Func<Task<Answer>> begin) => Within(Taken(question) ?? begin(), question);

    private Task<Answer>? Taken(Question question) => question.Pending is { } id && _kept.TryRemove(id, out var kept) ? kept.Taken() : null;

    private async Task<Answer> Within(Task<Answer> answer, Question question)
    {
        if (!answer.IsCompleted && !await EndsWithinPulse(answer)) return new Answer.Pending(Keep(answer));
        var settled = await answer;
        if (presence.IsDoubtful) throw new TimeoutException("This silo was away, and may have missed an invalidation."); // looked at last: it may have been away while it decided
        return outgoing.Stamp(settled, question.Presented);
    }

    private async Task<bool> EndsWithinPulse(Task answer)
    {
        using var over = new CancellationTokenSource();
        if (await Task.WhenAny(answer, Task.Delay(Pulse, clock, over.Token)) != answer) return false;
        await over.CancelAsync();
        return true;
    }

    private long Keep(Task<Answer> answer)
    {
        var id = Interlocked.Increment(ref _lastId);
        _kept[id] = new Kept(answer, clock.CreateTimer(_ => Forget(id), null, Patience, Timeout.InfiniteTimeSpan));
        return id;
    }

    private void Forget(long id)
    {
        if (_kept.TryRemove(id, out var kept)) kept.Taken();
    }

    private sealed record Kept(Task<Answer> Answer, ITimer Timer)
    {
        public Task<Answer> Taken()
        {
            Timer.Dispose();
            return Answer;
        }
    }
}
