using System.Net;

namespace Granary.Edge.ProxyProtocol;

/// <summary>What a PROXY header says of the connection behind it (The PROXY protocol, versions 1 and 2, §2).</summary>
public abstract record ProxyHeader
{
    private ProxyHeader() { }

    /// <summary>The connection is a client's.</summary>
    public sealed record Client(IPEndPoint Source, IPEndPoint Destination) : ProxyHeader;

    /// <summary>There is a client, and no address of it: UNKNOWN, UNSPEC, a UNIX socket, a datagram.</summary>
    public sealed record Unknown : ProxyHeader
    {
        public static readonly Unknown Instance = new();
    }

    /// <summary>The proxy speaks for itself, as in a health check.</summary>
    public sealed record Local : ProxyHeader
    {
        public static readonly Local Instance = new();
    }
}
