using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Granary.Silo.Tls;

/// <summary>TLS on listeners, with our certificates where there are any, else with that of Kestrel's own section.</summary>
public static class TlsListening
{
    public static IServiceCollection AddTls(this IServiceCollection services, SettingsSource settings, TimeProvider clock)
    {
        services.TryAddSingleton(settings);
        return services
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<ServerCertificates>(provider, clock))
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<Handshakes>(provider, clock));
    }

    /// <param name="asksClients">Whether clients are asked for certificates where the settings say so.</param>
    public static void UseTls(this ListenOptions listener, ServerTlsSettings tls, bool asksClients)
    {
        if (tls.Certificates.IsEmpty)
        {
            listener.UseHttps(https => (https.SslProtocols, https.HandshakeTimeout) = (Handshakes.ProtocolsFrom(tls.MinVersion), tls.HandshakeTimeout));
            return;
        }

        var handshakes = listener.ApplicationServices.GetRequiredService<Handshakes>();
        var limit = new HandshakeLimit(handshakes, listener.ApplicationServices.GetRequiredService<ILogger<HandshakeLimit>>());
        listener.Use(next => connection => limit.Begin(connection, next));
        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakes.Timeout,
            OnConnection = context => new(handshakes.Answer(context.ClientHelloInfo.ServerName, asksClients)),
        });
        listener.Use(static next => connection =>
        {
            connection.Features.Get<HandshakeLimit.Place>()?.Leave();
            return next(connection);
        });
    }
}
