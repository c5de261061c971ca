using System.Net;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Access;

/// <summary>What a client may do, by its address. The settings are asked with each request, so that changed ones hold at once.</summary>
public sealed class ClientAccess(Func<AccessSettings> settings)
{
    /// <summary>Null if the client may use the forward proxy.</summary>
    public ClientRefusal? ToForward(IPAddress? client) => Check(client, settings().AllowClients, ClientRefusal.ForwardNotAllowed);

    /// <summary>Null if the client may send PURGE.</summary>
    public ClientRefusal? ToPurge(IPAddress? client) => Check(client, settings().PurgeFrom, ClientRefusal.PurgeNotAllowed);

    private static ClientRefusal? Check(IPAddress? client, CidrSet allowed, ClientRefusal refusal)
    {
        if (client is null) return ClientRefusal.AddressUnknown;
        return allowed.Contains(client) ? null : refusal;
    }
}
