namespace Granary.Scenarios.Cluster;

/// <summary>Scenarios that keep both cores busy, one after another. What others wait for goes on beside them (<see cref="Waits"/>).</summary>
[CollectionDefinition(Name)]
public sealed class Processes : ICollectionFixture<SharedCluster>
{
    public const string Name = "processes";
}
