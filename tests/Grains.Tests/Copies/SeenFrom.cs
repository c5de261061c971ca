using System.Collections.Immutable;
using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Tests.Copies;

/// <summary>The cluster as one of its silos sees it.</summary>
internal sealed class SeenFrom(Silo self) : IFellowship
{
    private (ImmutableArray<Silo> Members, ImmutableArray<Fellow> Fellows) _view = ([], []);

    public ImmutableArray<Fellow> All => Active;

    public ImmutableArray<Fellow> Active
    {
        get
        {
            var members = self.Cluster.Members;
            if (_view.Members != members) _view = (members, [.. members.Select(static silo => silo.Fellow)]);
            return _view.Fellows;
        }
    }

    public IReadOnlySet<SiloAddress> Dead => self.Cluster.Gone;

    public long Version => self.Cluster.Version;

    public bool IsSelf(Fellow fellow) => fellow == self.Fellow;

    public IMemberService Of(Fellow fellow)
    {
        var to = self.Cluster.Members.Single(silo => silo.Fellow == fellow);
        return self.Cluster.Cut.Contains((self, to)) ? throw new SiloUnavailableException() : to.Desk;
    }

    public Task Refresh() => Task.CompletedTask;
}
