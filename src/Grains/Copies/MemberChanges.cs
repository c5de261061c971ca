using Granary.Grains.Leases;
using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>
/// Follows who is a member: (1) once this silo is active it learns of invalidated groups, and of silos that were lost  (2) a while after each change of the active silos what is kept is placed anew;
/// a change meanwhile begins that again  (3) before the membership table says that this silo has left, it answers nothing more from what it keeps.
/// </summary>
internal sealed class MemberChanges(
    IClusterMembershipService membership, ILocalSiloDetails self, GroupsLearning groups, Departures departures, Rebalancing rebalancing, Presence presence, TimeProvider clock, ILogger<MemberChanges> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>Silos seldom come and go alone.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private HashSet<SiloAddress> _active = [];
    private Task? _learning;
    private CancellationTokenSource _change = new();

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(MemberChanges), ServiceLifecycleStage.Active, Start, Stop);
        lifecycle.Subscribe(nameof(Presence), ServiceLifecycleStage.RuntimeServices, static _ => Task.CompletedTask, Leave);
    }

    public void Dispose()
    {
        _change.Dispose();
        _stopping.Dispose();
    }

    private Task Start(CancellationToken cancellationToken)
    {
        _ = Task.Run(() => Follow(_stopping.Token), cancellationToken);
        return Task.CompletedTask;
    }

    // (3) Stages end from the last to the first: grains are gone by now, and the row in the table ends just above RuntimeInitialize. As long as it is there a purge waits for us (P2).
    private Task Leave(CancellationToken cancellationToken)
    {
        presence.Leave();
        return Task.CompletedTask;
    }

    private Task Stop(CancellationToken cancellationToken) => _stopping.CancelAsync();

    private async Task Follow(CancellationToken stopping)
    {
        try
        {
            await foreach (var view in membership.MembershipUpdates.WithCancellation(stopping)) await Follow(view, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It is leaving.
        }
    }

    private async Task Follow(ClusterMembershipSnapshot view, CancellationToken stopping)
    {
        try
        {
            departures.See();
            var active = view.Members.Values.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress).ToHashSet();
            if (active.SetEquals(_active)) return;
            _active = active;
            if (!active.Contains(self.SiloAddress)) return;
            _learning ??= Task.Run(() => Task.WhenAll(groups.Learn(stopping), departures.Learn()), stopping);                            // (1)
            await _change.CancelAsync();
            _change = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _ = Place(_change.Token);                                                                 // (2)
        }
#pragma warning disable CA1031 // Whatever it was: the next change is followed all the same.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            logger.PlacingBroke(broken);
        }
    }

    private async Task Place(CancellationToken changed)
    {
        try
        {
            await Task.Delay(Settling, clock, changed);
            await rebalancing.Walk(changed);
        }
        catch (OperationCanceledException) when (changed.IsCancellationRequested)
        {
            // The next change begins it again.
        }
#pragma warning disable CA1031 // Whatever it was: what is kept stays where it is, and is placed with the next change.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            logger.PlacingBroke(broken);
        }
    }
}
