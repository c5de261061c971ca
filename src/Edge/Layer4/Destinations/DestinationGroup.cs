using System.Collections.Immutable;
using System.Net;
using Granary.Grains.Placement;
using Granary.Silo.Configuration;

namespace Granary.Edge.Layer4.Destinations;

/// <summary>Destinations that serve the same, and the order in which a connection is offered to them.</summary>
internal sealed class DestinationGroup
{
    private readonly TcpBalance _balance;
    private readonly Func<Destination, string> _name;
    private uint _turn;

    public DestinationGroup(ImmutableArray<Destination> all, TcpBalance balance)
    {
        (All, _balance) = (all, balance);
        // By hosts where they tell them apart: so control and data connections of FTP, which differ in ports, go to the same one.
        var differ = all.Select(static one => one.Place.Host).Distinct(StringComparer.Ordinal).Count() == all.Length;
        _name = differ ? static one => one.Place.Host : static one => one.Place.ToString();
    }

    public ImmutableArray<Destination> All { get; }

    /// <summary>The best first. Whether one is up does not count here; it is asked when its turn comes.</summary>
    /// <param name="client">Null if it is not known.</param>
    public IReadOnlyList<Destination> Order(IPAddress? client) => (_balance, client) switch
    {
        _ when All.Length == 1 => All,
        (TcpBalance.First, _) => All,
        (TcpBalance.ClientAddress, not null) => Rank(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client),
        (TcpBalance.LeastConnections, _) => [.. Turn().Select(static one => (One: one, one.Open)).OrderBy(static one => one.Open).Select(static one => one.One)],
        _ => Turn(),
    };

    private Destination[] Turn()
    {
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)All.Length);
        return [.. All.AsSpan()[first..], .. All.AsSpan()[..first]];
    }

    private Destination[] Rank(IPAddress client)
    {
        var address = client.GetAddressBytes();
        return [.. All.OrderByDescending(one => Rendezvous.Weight(_name(one), address)).ThenBy(_name, StringComparer.Ordinal)];
    }
}
