namespace Granary.Scenarios.Cluster;

/// <summary>Scenarios of many processes run one after another: two cores are few.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Processes
{
    public const string Name = "processes";
}
