using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>
/// Tells all members something that each must have heard (P2): (1) see who is a member  (2) tell each  (3) tell those again that did not acknowledge,
/// until they do or are no members any more; and those that have joined meanwhile: before all had heard it, one of them could still give it to a silo that is new.
/// </summary>
internal sealed class Telling(IFellowship fellowship, Presence presence, TimeProvider clock, ILogger<Telling> logger)
{
    /// <summary>How long in all, until whoever asked is refused: longer than it takes to find a dead silo dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Once = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>What each said; this silo is not among them.</returns>
    /// <param name="longest">How long they may take beside the way there and back.</param>
    /// <exception cref="TimeoutException">A member did not acknowledge, and is still one; or this silo was away, so others may be members by now.</exception>
    public async Task<T[]> All<T>(Func<IMemberService, Task<T>> tell, TimeSpan longest = default)
    {
        if (fellowship is Alone) return [];
        var began = clock.GetTimestamp();
        var told = new Dictionary<SiloAddress, T>();
        while (true)
        {
            await fellowship.Refresh();                                                                                      // (1)
            var left = fellowship.All.Where(fellow => !fellowship.IsSelf(fellow) && !told.ContainsKey(fellow.Address)).ToArray();
            if (left.Length == 0) return presence.IsDoubtful ? throw new TimeoutException("This silo was away: it may not know all members.") : [.. told.Values];
            var said = await Task.WhenAll(left.Select(fellow => Tell(fellow, tell, Once + longest)));                                        // (2)
            foreach (var (fellow, answer) in left.Zip(said))
                if (answer is { } one) told[fellow.Address] = one.Said;
            if (left.All(fellow => told.ContainsKey(fellow.Address))) continue;
            if (clock.GetElapsedTime(began) > Patience) throw new TimeoutException("Not every silo acknowledged.");
            await Task.Delay(Pause, clock);                                                                                   // (3)
        }
    }

    private async Task<Answered<T>?> Tell<T>(Fellow fellow, Func<IMemberService, Task<T>> tell, TimeSpan patience)
    {
        try
        {
            return new Answered<T>(await tell(fellowship.Of(fellow)).WaitAsync(patience, clock));
        }
        catch (Exception) // of whatever kind: it comes from beyond a boundary
        {
            logger.MemberDidNotAcknowledge(fellow.Name);
            return null;
        }
    }

    private sealed record Answered<T>(T Said);
}
