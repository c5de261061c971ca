using System.Collections.Immutable;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Granary.Grains.Members;

/// <inheritdoc cref="IFellowship"/>
internal sealed class Fellowship(IServiceProvider services, IClusterMembershipService membership, IMembershipTable table, ILocalSiloDetails self)
    : GrainServiceClient<IMemberService>(services), IFellowship
{
    private static readonly TimeSpan RefreshPatience = TimeSpan.FromSeconds(2);

    private volatile View _view = new(MembershipVersion.MinValue, [], [], ImmutableHashSet<SiloAddress>.Empty);

    public ImmutableArray<Fellow> All => Current().All;

    public ImmutableArray<Fellow> Active => Current().Active;

    public IReadOnlySet<SiloAddress> Dead => Current().Dead;

    public long Version => Current().Version.Value;

    public bool IsSelf(Fellow fellow) => fellow.Address.Equals(self.SiloAddress);

    public IMemberService Of(Fellow fellow) => GetGrainService(fellow.Address);

    public async Task Refresh() =>
        await Refreshed().WaitAsync(RefreshPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    // Orleans' own refresh waits 10 ms in each case, and a purge looks twice: so the table is read here, and only news of it are left to that.
    private async Task Refreshed()
    {
        var version = new MembershipVersion((await table.ReadAllAsync(CancellationToken.None)).Version.Version);
        if (version > membership.CurrentSnapshot.Version) await membership.Refresh(version);
    }

    private View Current()
    {
        var (view, snapshot) = (_view, membership.CurrentSnapshot);
        if (view.Version == snapshot.Version) return view;
        var living = snapshot.Members.Values.Where(static member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping).ToArray();
        return _view = new View(
            snapshot.Version, FellowsOf(living), FellowsOf(living.Where(static member => member.Status == SiloStatus.Active)),
            [.. snapshot.Members.Values.Where(static member => member.Status == SiloStatus.Dead).Select(static member => member.SiloAddress)]);
    }

    private static ImmutableArray<Fellow> FellowsOf(IEnumerable<ClusterMember> members) => [.. members.Select(static member => new Fellow(member.Name, member.SiloAddress))];

    private sealed record View(MembershipVersion Version, ImmutableArray<Fellow> All, ImmutableArray<Fellow> Active, ImmutableHashSet<SiloAddress> Dead);
}
