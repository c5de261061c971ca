using System.Collections.Immutable;
using Granary.Silo.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>Keys of the contract whose work is still to come: said at start, rather than ignored.</summary>
public static class NotThereYet
{
    /// <summary>The mistakes that a process of this version must not start with; null if there are none.</summary>
    public static ConfigurationOutcome.Mistaken? In(GranarySettings settings)
    {
        ImmutableArray<ConfigurationMistake> found =
        [
            .. settings.Cluster.Redis is null ? [] : new[] { new ConfigurationMistake("Granary:Cluster:Redis", "(given)", "nothing yet: this version runs as one process; leave it out") },
            .. settings.Store.Disk is { } disk ? [new ConfigurationMistake("Granary:Store:Disk", disk, "nothing yet: this version keeps stored responses in memory; leave it out")] : Array.Empty<ConfigurationMistake>(),
        ];
        return found.IsEmpty ? null : new ConfigurationOutcome.Mistaken(found);
    }
}
