using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>
/// Follows who is a member: (1) once this silo is active it learns of invalidated groups  (2) a while after each change of the active silos what is kept is placed anew;
/// a change meanwhile begins that again.
/// </summary>
internal sealed class MembershipWatch(
    IClusterMembershipService membership, ILocalSiloDetails self, GroupsLearning groups, Rebalancing rebalancing, TimeProvider clock, ILogger<MembershipWatch> logger) : BackgroundService
{
    /// <summary>Silos seldom come and go alone.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private HashSet<SiloAddress> _active = [];
    private Task? _learning;
    private CancellationTokenSource _change = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var view in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var active = view.Members.Values.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress).ToHashSet();
            if (active.SetEquals(_active)) continue;
            _active = active;
            if (!active.Contains(self.SiloAddress)) continue;
            _learning ??= Task.Run(() => groups.Learn(stoppingToken), stoppingToken);                            // (1)
            await _change.CancelAsync();
            _change = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _ = Place(_change.Token);                                                                           // (2)
        }
    }

    public override void Dispose()
    {
        _change.Dispose();
        base.Dispose();
    }

    private async Task Place(CancellationToken changed)
    {
        try
        {
            await Task.Delay(Settling, clock, changed);
            await Task.Run(() => rebalancing.Walk(changed), changed);
        }
        catch (OperationCanceledException) when (changed.IsCancellationRequested)
        {
        }
        catch (Exception broken)
        {
            logger.PlacingBroke(broken);
        }
    }
}
