namespace Granary.Silo.Configuration;

/// <summary>Which destination a connection is offered first.</summary>
public enum TcpBalance
{
    RoundRobin,
    LeastConnections,

    /// <summary>By rendezvous over hosts: a client stays where it is as long as that destination is up, on every edge, and on every listener with the same hosts.</summary>
    ClientAddress,

    /// <summary>As they are written: the others stand by.</summary>
    First,
}

/// <summary>Whether a PROXY header is read.</summary>
public enum ProxyProtocolIn
{
    None,

    /// <summary>Without it a connection is closed: a header that may be left out could be left out by anybody.</summary>
    Required,
}

/// <summary>Which PROXY header is written.</summary>
public enum ProxyProtocolOut
{
    None,
    V1,
    V2,
}
