using System.Collections.Immutable;

namespace Granary.Grains.Members;

/// <summary>Tells edges who the silos are; any silo answers. Its key is 0.</summary>
[Alias("granary.IMembersGrain")]
public interface IMembersGrain : IGrainWithIntegerKey
{
    /// <summary>The active silos that could be asked for their endpoint.</summary>
    [Alias("Current")]
    Task<ImmutableArray<Member>> Current();
}
