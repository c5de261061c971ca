using System.Net;
using Granary.Edge.Policy;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>Where datagrams of one association to one host and port go, once that has been decided.</summary>
internal sealed class UdpTarget(long since) : IDisposable
{
    private Admitted.In? _admitted;

    /// <summary>When it was asked for.</summary>
    public long Since => since;

    public bool IsDecided { get; private set; }

    /// <summary>Null: nowhere.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>Where they come from; null: where the system chooses.</summary>
    public IPAddress? From { get; private set; }

    /// <summary>The first datagram, which waits for the decision; those that come meanwhile are lost, as datagrams may be.</summary>
    public byte[]? Waiting;

    public void Decide(IPEndPoint? endPoint, IPAddress? from, Admitted.In? admitted)
    {
        (EndPoint, From, _admitted) = (endPoint, from, admitted);
        IsDecided = true;
    }

    public void Dispose() => _admitted?.Dispose();
}
