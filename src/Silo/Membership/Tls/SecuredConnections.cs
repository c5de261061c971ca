using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Granary.Silo.Membership.Tls;

/// <summary>TLS under Orleans' connections: between silos, and from edges to gateways. Both sides show a certificate before the first byte of Orleans is read.</summary>
public static class SecuredConnections
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(5);

    public static ISiloBuilder Secure(this ISiloBuilder silo, MemberCertificates certificates, TimeProvider clock) => silo.Configure<SiloConnectionOptions>(options =>
    {
        options.ConfigureSiloInboundConnection(connections => connections.Use(Serving(certificates, clock)));
        options.ConfigureGatewayInboundConnection(connections => connections.Use(Serving(certificates, clock)));
        options.ConfigureSiloOutboundConnection(connections => connections.Use(Asking(certificates, clock)));
    });

    public static IClientBuilder Secure(this IClientBuilder client, MemberCertificates certificates, TimeProvider clock) =>
        client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connections => connections.Use(Asking(certificates, clock))));

    private static Func<ConnectionDelegate, ConnectionDelegate> Serving(MemberCertificates certificates, TimeProvider clock) =>
        next => connection => Secured(connection, next, clock, (tls, cancellation) => tls.AuthenticateAsServerAsync(certificates.ForServer(), cancellation));

    private static Func<ConnectionDelegate, ConnectionDelegate> Asking(MemberCertificates certificates, TimeProvider clock) =>
        next => connection => Secured(connection, next, clock, (tls, cancellation) => tls.AuthenticateAsClientAsync(certificates.ForClient(), cancellation));

    private static async Task Secured(ConnectionContext connection, ConnectionDelegate next, TimeProvider clock, Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = connection.Transport;
        await using var tls = new SslStream(new TransportStream(plain));
        using (var patience = new CancellationTokenSource(HandshakePatience, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed))
            await authenticate(tls, either.Token);
        var secured = new Pipes(PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        connection.Transport = secured;
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = plain;
            await secured.Input.CompleteAsync();
            await secured.Output.CompleteAsync();
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
