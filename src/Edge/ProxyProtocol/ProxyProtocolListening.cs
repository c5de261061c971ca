using System.Diagnostics.Metrics;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.ProxyProtocol;

/// <summary>Puts the gate before everything else on an HTTP listener, TLS included.</summary>
internal static class ProxyProtocolListening
{
    public const string MeterName = "Granary.Listening";

    private static readonly Meter Shared = new(MeterName);

    public static void UseProxyProtocol(this ListenOptions options, ClientSettings client, TimeProvider clock)
    {
        if (client.ProxyProtocol is ProxyProtocolIn.None) return;
        var gate = new ProxyProtocolGate(client.TrustedFrom, client.HeadTimeout, clock);
        var refused = (options.ApplicationServices.GetService<IMeterFactory>()?.Create(MeterName) ?? Shared)
            .CreateCounter<long>("granary.connections.refused", "{connection}", "Connections closed for want of a valid PROXY header from a trusted address");
        var log = options.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ProxyProtocolGate>();
        options.Use(next => async connection =>
        {
            var local = connection.LocalEndPoint;
            if (await gate.Pass(connection) is not { } why)
            {
                try
                {
                    await next(connection);
                }
                finally
                {
                    connection.LocalEndPoint = local; // Kestrel's gauges count down where they counted up
                }

                return;
            }

            refused.Add(1, KeyValuePair.Create<string, object?>("reason", why.ToString()));
            log.ConnectionRefused(connection.ConnectionId, why);
        });
    }
}
