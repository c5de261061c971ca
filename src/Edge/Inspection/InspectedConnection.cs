using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Tunnels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Edge.Inspection;

/// <summary>What is in the TLS of a tunnel, as a connection like those that listeners accept. It has no feature of the connection beneath: what was said there was said to the proxy.</summary>
internal sealed class InspectedConnection : DefaultConnectionContext
{
    private readonly TunnelLine _line;

    public InspectedConnection(string id, Wayfarer wayfarer, SslStream tls, InspectedTunnel tunnel) : base(id)
    {
        _line = wayfarer.Line;
        (RemoteEndPoint, LocalEndPoint, ConnectionClosed) = (wayfarer.Client, _line.Local, _line.Closed);
        Transport = new Plain(
            PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)), // no buffer is held while nothing comes
            PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        var handshake = new Handshake(tls);
        Features.Set<ITlsConnectionFeature>(handshake);
        Features.Set<ITlsApplicationProtocolFeature>(handshake);
        Features.Set<ISslStreamFeature>(handshake);
        Features.Set(tunnel);
    }

    public override void Abort(ConnectionAbortedException abortReason) => _line.Abort();

    private sealed record Plain(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Handshake(SslStream tls) : ITlsConnectionFeature, ITlsApplicationProtocolFeature, ISslStreamFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public ReadOnlyMemory<byte> ApplicationProtocol => tls.NegotiatedApplicationProtocol.Protocol;

        public SslStream SslStream => tls;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }
}
