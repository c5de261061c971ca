using Granary.Silo.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>Keys of the contract whose work is still to come: said at start, rather than ignored.</summary>
internal static class NotThereYet
{
    /// <summary>The mistakes that a process of this version must not start with; null if there are none.</summary>
    public static ConfigurationOutcome.Mistaken? In(GranarySettings settings) => settings.Store.Disk is { } disk
        ? new([new("Granary:Store:Disk", disk, "nothing yet: this version keeps stored responses in memory; leave it out")])
        : null;
}
