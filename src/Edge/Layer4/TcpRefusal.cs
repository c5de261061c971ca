namespace Granary.Edge.Layer4;

/// <summary>Why a connection was closed without having been handed on.</summary>
public enum TcpRefusal
{
    TooManyConnections,

    /// <summary>No PROXY header that could be believed.</summary>
    ProxyHeader,

    /// <summary>No ClientHello with a server name.</summary>
    ClientHello,

    /// <summary>No destination has that server name.</summary>
    UnknownServerName,

    /// <summary>None of the destinations took it.</summary>
    NoDestination,
}
