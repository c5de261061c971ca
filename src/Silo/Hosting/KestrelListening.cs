using System.Net;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Granary.Silo.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Silo.Hosting;

/// <summary>Our addresses in Kestrel's terms.</summary>
public static class KestrelListening
{
    /// <summary>Opens a listener. TLS, if asked for, comes before what <paramref name="configure"/> adds, and behind what <paramref name="before"/> adds.</summary>
    /// <param name="asksClients">Whether clients are asked for certificates where the settings say so: probes of an admin listener have none.</param>
    public static void Listen(
        this KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure, Action<ListenOptions>? before = null, ServerTlsSettings? tls = null, bool asksClients = false)
    {
        void Configure(ListenOptions options)
        {
            before?.Invoke(options);
            if (address.IsHttps) options.UseTls(tls ?? new ServerTlsSettings(), asksClients);
            configure(options);
        }

        if (address.Address is { } one) kestrel.Listen(one, address.Port, Configure);
        else if (address.IsEveryAddress) kestrel.ListenAnyIP(address.Port, Configure);
        // One free port on both loopback addresses cannot be had at once.
        else if (address.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else kestrel.ListenLocalhost(address.Port, Configure);
    }
}
