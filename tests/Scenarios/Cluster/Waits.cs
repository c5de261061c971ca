namespace Granary.Scenarios.Cluster;

/// <summary>Scenarios that mostly wait, until somebody is found dead or Redis is missed: one after another, beside those that work (<see cref="Processes"/>).</summary>
[CollectionDefinition(Name)]
public sealed class Waits
{
    public const string Name = "waits";
}
