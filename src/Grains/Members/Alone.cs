using System.Collections.Immutable;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>One process: nobody else.</summary>
internal sealed class Alone : IFellowship
{
    public ImmutableArray<Fellow> All => [];

    public ImmutableArray<Fellow> Active => [];

    public IReadOnlySet<SiloAddress> Dead => ImmutableHashSet<SiloAddress>.Empty;

    public long Version => 0;

    public bool IsSelf(Fellow fellow) => false;

    public IMemberService Of(Fellow fellow) => throw new InvalidOperationException("There is nobody else.");

    public Task Refresh() => Task.CompletedTask;
}
