using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>
/// Finds another living silo with our name. A silo that was killed and started again finds its own row of before; so a row counts as that of a living silo only once it has changed
/// while we looked: a living silo writes the time into it every few seconds.
/// </summary>
internal sealed class Namesakes
{
    private readonly Dictionary<string, string> _firstSeen = [];

    /// <returns>The address of a living namesake that was there before us; of two it is the younger that goes.</returns>
    public SiloAddress? Younger(SiloAddress self, string name, IEnumerable<ClusterMember> members, TableCopy found)
    {
        foreach (var member in members)
        {
            if (member.Status is not SiloStatus.Active || member.Name != name || member.SiloAddress.Equals(self)) continue;
            if (IsOlder(member.SiloAddress, self) && HasChanged(member.SiloAddress.ToString(), found)) return member.SiloAddress;
        }

        return null;
    }

    private static bool IsOlder(SiloAddress other, SiloAddress self) =>
        other.Generation != self.Generation ? other.Generation < self.Generation : other.CompareTo(self) < 0;

    private bool HasChanged(string key, TableCopy found)
    {
        if (!found.Rows.TryGetValue(key, out var row)) return false;
        if (_firstSeen.TryAdd(key, row)) return false;
        return _firstSeen[key] != row;
    }
}
