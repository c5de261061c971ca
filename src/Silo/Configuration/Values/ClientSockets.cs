namespace Granary.Silo.Configuration.Values;

/// <summary>How requests without TLS are read.</summary>
public enum ClientSockets
{
    /// <summary>By threads that wait for many sockets, and answer hits themselves. On Linux; elsewhere as <see cref="Standard"/>.</summary>
    EventLoops,

    /// <summary>By .NET's own sockets.</summary>
    Standard,
}
