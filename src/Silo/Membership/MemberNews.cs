using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>Says who joins, leaves and dies.</summary>
internal sealed class MemberNews(IClusterMembershipService members, ILocalSiloDetails self, ILogger<MemberNews> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public void Start() => _ = Task.Run(Tell);

    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    private async Task Tell()
    {
        var before = members.CurrentSnapshot;
        try
        {
            await foreach (var now in members.MembershipUpdates.WithCancellation(_stopping.Token))
            {
                foreach (var member in now.Members.Values)
                    if (!member.SiloAddress.Equals(self.SiloAddress)) Tell(member, before.GetSiloStatus(member.SiloAddress));
                before = now;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is leaving.
        }
    }

    private void Tell(ClusterMember member, SiloStatus before)
    {
        if (member.Status == before) return;
        if (member.Status is SiloStatus.Active) logger.SiloJoined(member.Name, member.SiloAddress);
        else if (member.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping && before is SiloStatus.Active) logger.SiloLeaves(member.Name, member.SiloAddress);
        else if (member.Status is SiloStatus.Dead && before is SiloStatus.Active) logger.SiloDied(member.Name, member.SiloAddress);
    }
}
