using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Destinations of those who ask for a name when they begin TLS (RFC 6066 §3). TLS is not ended here.</summary>
public sealed record TcpSniSettings
{
    /// <summary>Has to be given.</summary>
    [HostPattern("Name in the ClientHello; the most specific pattern counts, and connections with no or another name are closed", IsRequired = true)]
    public string Host { get; init; } = "";

    /// <summary>Has to be given.</summary>
    [Destinations("Where these connections are handed on to", IsRequired = true)]
    public ImmutableArray<TcpDestination> To { get; init; } = [];
}
