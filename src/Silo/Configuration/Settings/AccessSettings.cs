using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Who may do what. Defaults make no open proxy.</summary>
public sealed record AccessSettings
{
    /// <summary>Default none beside the public Internet.</summary>
    [Networks("Networks that clients of the forward proxy may reach beside the public Internet", Switch = "--allow-destination",
        DefaultText = "none: loopback, link-local, private and metadata addresses are refused")]
    public CidrSet AllowDestinations { get; init; } = CidrSet.Empty;

    /// <summary>Default loopback.</summary>
    [Networks("Clients that may use the forward proxy")]
    public CidrSet AllowClients { get; init; } = CidrSet.Loopback;

    /// <summary>Default loopback.</summary>
    [Networks("Clients that may send PURGE to the proxy port")]
    public CidrSet PurgeFrom { get; init; } = CidrSet.Loopback;

    /// <summary>Default none.</summary>
    [Networks("Proxies in front of this one that are believed when they say who the client is", DefaultText = "none")]
    public CidrSet TrustedProxies { get; init; } = CidrSet.Empty;

    /// <summary>Default XForwarded. Only one: what a proxy does not write itself it may pass on from a stranger.</summary>
    [OneOf("Where trusted proxies say it: X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239)", typeof(TrustedField))]
    public TrustedField TrustedField { get; init; } = TrustedField.XForwarded;
}
