namespace Granary.Edge.Tunnels;

/// <summary>The ways in which a client asks for a tunnel.</summary>
public enum TunnelWay
{
    /// <summary>CONNECT over HTTP/1.1.</summary>
    Connect,

    /// <summary>CONNECT over a stream of HTTP/2.</summary>
    Http2Connect,

    /// <summary>SOCKS version 5.</summary>
    Socks5,

    /// <summary>SOCKS versions 4 and 4a.</summary>
    Socks4,
}
