using Granary.Grains.Groups;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>
/// Gives back the memory of what a host, a prefix or all was invalidated for: goes once round the store in the background. Nothing depends on it: what is not met is found invalidated when it
/// is asked for.
/// </summary>
internal sealed class Sweeping(ResponseStore store, GroupEpochs epochs)
{
    private const int Turn = 4096;

    private int _asked;

    /// <summary>When the round that was begun last is over.</summary>
    public Task Swept { get; private set; } = Task.CompletedTask;

    /// <summary>One round at a time; whoever asks meanwhile has it gone again.</summary>
    public void Begin()
    {
        if (Interlocked.Increment(ref _asked) == 1) Swept = Task.Run(Sweep);
    }

    private async Task Sweep()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _asked);
            var met = 0;
            foreach (var kept in store.Walk())
            {
                if (kept.Variant.IsInvalidated(epochs)) store.Drop(kept.Key, kept.Variant);
                if (++met % Turn == 0) await Task.Yield(); // others have their turn
            }
        }
        while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
    }
}
