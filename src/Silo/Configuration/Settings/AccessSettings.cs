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
}
