using System.Collections.Immutable;

namespace Granary.Grains.Members;

/// <summary>One process: nobody else.</summary>
internal sealed class Alone : IFellowship
{
    public ImmutableArray<Fellow> All => [];

    public ImmutableArray<Fellow> Active => [];

    public bool IsSelf(Fellow fellow) => false;

    public IMemberService Of(Fellow fellow) => throw new InvalidOperationException("There is nobody else.");

    public Task Refresh() => Task.CompletedTask;
}
