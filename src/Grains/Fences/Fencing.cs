using Granary.Grains.Leases;
using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Fences;

/// <summary>
/// Fences a silo that does not answer, for one who tells an invalidation: (1) write what it missed  (2) wait until nobody can rely on it any more  (3) see that it still stands.
/// </summary>
internal sealed class Fencing(IFences fences, FenceKnowledge knowledge, MissedWriting writing, TimeProvider clock, FenceMeter meter, ILogger<Fencing> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Fenced for so long that nobody relies on it: who has something to tell it need not wait for a sign of life.</summary>
    public bool IsOutOfUse(Fellow fellow) => knowledge.WithoutLookSince(KeyOf(fellow), long.MinValue) is { } since && clock.Left(EndAfter(since)) is null;

    /// <summary>From when on nobody relies on a silo that is gone, by the monotonic clock; null if that is not known, as with one that has no mandate.</summary>
    /// <param name="seen">When this silo saw it gone.</param>
    public long? OutOfUseFrom(SiloAddress gone, long seen) =>
        knowledge.WithoutLookSince(gone.ToString(), seen) is { } since ? Math.Min(EndAfter(since), EndAfter(seen)) : knowledge.HasMandate(gone.ToString()) ? EndAfter(seen) : null;

    /// <param name="answers">Ends when the silo answers after all; then nothing is waited for.</param>
    /// <returns>Whether nobody relies on it until it has heard this. If not, it could not be fenced, or the fence was lost.</returns>
    public async Task<bool> Fence(Fellow fellow, Missed missed, Task answers)
    {
        var silo = KeyOf(fellow);
        var wasFenced = knowledge.WithoutLookSince(silo, long.MinValue) is not null;
        if (await Write(silo, missed) is not { } written) return false;                                  // (1)
        if (!wasFenced) logger.SiloFenced(fellow.Name);
        meter.Fenced();
        var began = clock.GetTimestamp();
        if (await Within(answers, written.Until)) return true;                                           // (2)
        meter.Waited(clock.GetElapsedTime(began));
        return await Stands(silo, written.State);                                                        // (3)
    }

    private async Task<(FenceState State, long Until)?> Write(string silo, Missed missed)
    {
        var sent = clock.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            return await fences.Add(silo, writing.Of(missed), patience.Token) is { } state ? (state, EndAfter(knowledge.Wrote(silo, state, sent))) : null;
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary
        {
            logger.CannotFence(silo, fault.GetType().Name);
            return null; // it may be written all the same: the other hears once too often
        }
    }

    // Who answers in time is content; one whose call fails meanwhile has not answered.
    private async Task<bool> Within(Task answers, long until)
    {
        while (!answers.IsCompleted && clock.Left(until) is { } left)
            await answers.WaitAsync(left, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!answers.IsCompletedSuccessfully) await clock.Reach(until);
        return answers.IsCompletedSuccessfully;
    }

    private async Task<bool> Stands(string silo, FenceState written)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            return await fences.StateOf(silo, patience.Token) is { } now && now.Life == written.Life && now.Written >= written.Written;
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary
        {
            logger.CannotFence(silo, fault.GetType().Name);
            return false;
        }
    }

    private long EndAfter(long since) => since + (long)((Int128)(Mandate.Lasts + Mandate.Margin).Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);

    private static string KeyOf(Fellow fellow) => fellow.Address.ToString();
}
