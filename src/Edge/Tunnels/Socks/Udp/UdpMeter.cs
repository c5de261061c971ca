using System.Diagnostics.Metrics;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>Relayed datagrams in numbers.</summary>
internal sealed class UdpMeter
{
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _dropped;
    private int _open;

    public UdpMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Granary.Tunnels");
        _relayed = meter.CreateCounter<long>("granary.udp.relayed", "{datagram}", "Datagrams relayed, from clients (in) and to them (out).");
        _dropped = meter.CreateCounter<long>("granary.udp.dropped", "{datagram}", "Datagrams that were not relayed, by reason.");
        meter.CreateObservableUpDownCounter("granary.udp.associations", () => Volatile.Read(ref _open), "{association}", "Clients whose datagrams are relayed.");
    }

    public int Open => Volatile.Read(ref _open);

    /// <returns>How many there are with it.</returns>
    public int Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);

    public void Relayed(bool isIn) => _relayed.Add(1, KeyValuePair.Create<string, object?>("direction", isIn ? "in" : "out"));

    public void Dropped(UdpDrop why) => _dropped.Add(1, KeyValuePair.Create<string, object?>("reason", why.ToString()));
}

/// <summary>Why a datagram is not relayed.</summary>
internal enum UdpDrop
{
    /// <summary>It comes from somebody else than the client, or than those whom the client has sent to.</summary>
    Stranger,

    /// <summary>No header, or that of a fragment.</summary>
    Malformed,

    /// <summary>More than the client may send, or to more targets.</summary>
    TooMany,

    /// <summary>Another one to the same target waits for the decision already.</summary>
    Undecided,

    /// <summary>It may not go there, or there is no way.</summary>
    Refused,

    /// <summary>The network does not take it.</summary>
    Unsendable,
}
