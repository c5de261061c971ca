using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>Beats for <see cref="Presence"/>, and after an absence reads the membership table until that says whether this silo is still a member.</summary>
internal sealed class Heart(Presence presence, IMembershipTable table, ILocalSiloDetails self, IFatalErrorHandler end, TimeProvider clock, ILogger<Heart> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private int _isAsking;

    public void Start()
    {
        presence.Begin();
        _timer = clock.CreateTimer(static heart => ((Heart)heart!).Beat(), this, TimeSpan.Zero, Presence.Period);
    }

    public void Stop()
    {
        _stopping.Cancel();
        _timer?.Dispose();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
    }

    private void Beat()
    {
        presence.Beat();
        if (presence.WasAway && Interlocked.Exchange(ref _isAsking, 1) == 0) _ = Ask();
    }

    private async Task Ask()
    {
        logger.WasAway();
        try
        {
            while (!_stopping.IsCancellationRequested && !await IsConfirmed()) await Task.Delay(Presence.Period, clock, _stopping.Token);
            logger.StillMember();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is leaving.
        }
        finally
        {
            Volatile.Write(ref _isAsking, 0);
        }
    }

    private async Task<bool> IsConfirmed()
    {
        var begun = clock.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var rows = await table.ReadAllAsync(patience.Token);
            var own = rows.TryGet(self.SiloAddress)?.Item1.Status;
            if (own is SiloStatus.Dead) end.OnFatalException(this, "declared dead while it was away", null);
            return own is SiloStatus.Active && presence.Confirm(begun);
        }
        catch (Exception fault) when (!_stopping.IsCancellationRequested)
        {
            logger.CannotConfirm(Hosting.GranaryProcess.FirstLine(fault)); // Debug: the watch says that the table is away
            return false;
        }
    }
}
