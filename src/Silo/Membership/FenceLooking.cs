using Granary.Grains.Fences;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>Looks at the fences once a second, from the moment this silo has joined until its row is to go.</summary>
internal sealed class FenceLooking(FenceWatch watch, ILocalSiloDetails self, TimeProvider clock) : IDisposable
{
    /// <summary>Where Redis is slow the next look does not wait for the one before.</summary>
    private const int AtATime = 3;

    private readonly CancellationTokenSource _stopping = new();
    private int _looks;
    private Task _looking = Task.CompletedTask;

    /// <summary>The first look is over when this returns.</summary>
    public async Task Start()
    {
        await watch.Look(Name, _stopping.Token);
        _looking = Task.Run(GoOn);
    }

    /// <summary>Its mandate lasts a little longer, and is not needed then. Whoever tells something meanwhile tells it to this silo until its row is gone.</summary>
    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private string Name => self.SiloAddress.ToString();

    private async Task GoOn()
    {
        using var timer = new PeriodicTimer(FenceWatch.Period, clock);
        while (await timer.WaitForNextTickAsync(_stopping.Token))
            if (Volatile.Read(ref _looks) < AtATime) _ = Look();
    }

    private async Task Look()
    {
        Interlocked.Increment(ref _looks);
        await watch.Look(Name, _stopping.Token); // never throws
        Interlocked.Decrement(ref _looks);
    }
}
