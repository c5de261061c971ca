using Granary.Grains.Fences;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>
/// Tells all members something that each must have heard (P2): (1) tell each that is one, as far as is known  (2) one that gives no sign of life meanwhile, and still is one, is fenced (decision 0012): it hears it before it answers
/// anything  (3) once all of them have heard it, see who is a member now: before that, one of them could still give it to a silo that is new  (4) tell those that have joined, and those again that neither acknowledged nor could be
/// fenced, until they do or are no members any more.
/// </summary>
internal sealed class Telling(IFellowship fellowship, Presence presence, Fencing fencing, TimeProvider clock, ILogger<Telling> logger)
{
    /// <summary>How long in all, until whoever asked is refused: longer than it takes to find a dead silo dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A member that lives is waited for so long, and as long as its edges may take.</summary>
    private static readonly TimeSpan Once = TimeSpan.FromSeconds(2);

    /// <summary>One that does not answer for so long is asked for a sign of life, and has as long again for it. One that lives and is fenced for that hears it twice, which is no harm.</summary>
    private static readonly TimeSpan Sign = TimeSpan.FromMilliseconds(250);

    private const int Tries = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="missed">The same, for one that does not answer.</param>
    /// <param name="longest">How long they may take beside the way there and back.</param>
    /// <exception cref="TimeoutException">A member did not acknowledge, could not be fenced, and is still one; or this silo was away, so others may be members by now.</exception>
    public async Task<Told<T>> All<T>(Func<IMemberService, Task<T>> tell, Missed missed, TimeSpan longest)
    {
        if (fellowship is Alone) return new Told<T>([], []);
        var began = clock.GetTimestamp();
        var told = new Dictionary<SiloAddress, Settled<T>>();
        var fenced = new List<string>();
        for (var left = Untold(told); ; left = Untold(told))
        {
            var settled = await Task.WhenAll(left.Select(fellow => Settle(fellow, tell, missed, Once + longest)));              // (1), (2)
            foreach (var (fellow, one) in left.Zip(settled))
            {
                if (one is not { } done) continue;
                told[fellow.Address] = done;
                if (!done.HasAnswered) fenced.Add(fellow.Name);
            }

            var isToWait = left.Any(fellow => !told.ContainsKey(fellow.Address));
            await fellowship.Refresh();                                                                                      // (3)
            if (Untold(told).Length == 0)
                return presence.IsDoubtful ? throw new TimeoutException("This silo was away: it may not know all members.") : new Told<T>([.. told.Values.Where(static one => one.HasAnswered).Select(static one => one.Said!)], fenced);
            if (!isToWait) continue;
            if (clock.GetElapsedTime(began) > Patience) throw new TimeoutException("Not every silo acknowledged.");
            await Task.Delay(Pause, clock);                                                                                   // (4)
        }
    }

    private Fellow[] Untold<T>(Dictionary<SiloAddress, Settled<T>> told) =>
        [.. fellowship.All.Where(fellow => !fellowship.IsSelf(fellow) && !told.ContainsKey(fellow.Address))];

    /// <returns>Null if it has to be told again.</returns>
    private async Task<Settled<T>?> Settle<T>(Fellow fellow, Func<IMemberService, Task<T>> tell, Missed missed, TimeSpan patience)
    {
        var answer = Tell(fellow, tell);
        for (var tries = 1; !fencing.IsOutOfUse(fellow) && !await IsAnswered(fellow, answer, patience) && answer.IsFaulted && tries < Tries && await Lives(fellow, answer); tries++)
            answer = Tell(fellow, tell); // a call may be lost
        if (answer.IsCompletedSuccessfully) return new Settled<T>(true, await answer);
        if (!await IsStillMember(fellow)) return null;
        logger.MemberDidNotAcknowledge(fellow.Name);
        var isFenced = await fencing.Fence(fellow, missed, answer);
        return answer.IsCompletedSuccessfully ? new Settled<T>(true, await answer) : isFenced ? new Settled<T>(false, default) : null;
    }

    // One that is known for out of use was looked for lately; of others the table may say what this silo has not heard yet.
    private async Task<bool> IsStillMember(Fellow fellow)
    {
        if (fencing.IsOutOfUse(fellow)) return true;
        await fellowship.Refresh();
        return fellowship.All.Contains(fellow);
    }

    // It may wait for an edge, which takes as long as a lease.
    private async Task<bool> IsAnswered(Fellow fellow, Task answer, TimeSpan patience)
    {
        var began = clock.GetTimestamp();
        while (!await EndsWithin(answer, Sign))
            if (clock.GetElapsedTime(began) > patience || !await Lives(fellow, answer)) break;
        return answer.IsCompletedSuccessfully;
    }

    private async Task<bool> Lives(Fellow fellow, Task answer)
    {
        var sign = Tell(fellow, static silo => silo.Describe());
        return await EndsWithin(Task.WhenAny(sign, answer), Sign) && (sign.IsCompletedSuccessfully || answer.IsCompletedSuccessfully);
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan patience)
    {
        await task.WaitAsync(patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return task.IsCompleted;
    }

    // Its failure is looked at, if only here.
    private Task<T> Tell<T>(Fellow fellow, Func<IMemberService, Task<T>> tell)
    {
        Task<T> answer;
        try
        {
            answer = tell(fellowship.Of(fellow));
        }
        catch (Exception unreachable) // of whatever kind: it comes from beyond a boundary
        {
            answer = Task.FromException<T>(unreachable);
        }

        _ = answer.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return answer;
    }

    private readonly record struct Settled<T>(bool HasAnswered, T? Said);
}

/// <summary>All members have heard something, or hear it before they answer anything.</summary>
/// <param name="Said">By each that answered; this silo is not among them.</param>
/// <param name="Fenced">Names of those that did not.</param>
internal readonly record struct Told<T>(T[] Said, IReadOnlyCollection<string> Fenced);
