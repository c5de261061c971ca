using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>A silo as the others know it.</summary>
internal sealed record Fellow(string Name, SiloAddress Address);
