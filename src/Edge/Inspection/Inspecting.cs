using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Listening;
using Granary.Edge.Tunnels;
using Granary.Silo.Configuration;
using Granary.Silo.Tls;

namespace Granary.Edge.Inspection;

/// <summary>
/// A tunnel that is to be inspected, once its client may begin: (1) look at what it begins with  (2) decide  (3) have a certificate for the host  (4) shake hands  (5) hand what is inside to the server of HTTP, which serves it as what
/// comes by any listener  (6) tell. Nobody is connected to before something is asked; the requests are fetched like all others.
/// </summary>
internal sealed class Inspecting(
    LeafCertificates certificates, Func<GranarySettings> settings, AccessLines lines, ErrorAnswers errors, TunnelMeter tunnels, InspectionMeter meter, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Inspecting> logger)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    // RFC 8446 §6.
    private static readonly byte[] AccessDenied = [21, 3, 3, 0, 2, 2, 49];

    private int _handshakes;
    private long _connections;

    /// <summary>Where the server takes them.</summary>
    public HandOff Inside { get; } = new("inspected");

    public async Task Serve(OpenTunnels all, Wayfarer wayfarer, TunnelTarget target, Opened.Inspected opened)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(wayfarer.Line.Closed, lifetime.ApplicationStopping);
        var beginning = await Beginning.Look(wayfarer.Input, settings().Client.HeadTimeout, clock, gone.Token);                  // (1)
        switch (Course.Of(beginning, target, settings().Inspection.NotTls))                                                      // (2)
        {
            case Course.Open(var host):
                await Open(wayfarer, target with { Host = host }, opened);
                break;
            case Course.Splice:
                meter.Spliced();
                logger.TunnelSpliced(wayfarer.Client, wayfarer.Way, target);
                await OpenAnew(all, wayfarer, target, opened, mayInspect: false);
                break;
            case Course.GoTo(var named):
                logger.TunnelNamed(wayfarer.Client, wayfarer.Way, target, named);
                await OpenAnew(all, wayfarer, named, opened, mayInspect: true);
                break;
            case Course.Refuse(var why):
                await Refuse(wayfarer, target, why);
                break;
        }
    }

    /// <param name="mayInspect">What it leads to now may be inspected like any other, though not left at another name once more.</param>
    private async Task OpenAnew(OpenTunnels all, Wayfarer wayfarer, TunnelTarget target, Opened.Inspected before, bool mayInspect)
    {
        switch (await all.Open((wayfarer.Client as IPEndPoint)?.Address, before.User, wayfarer.Way, target, wayfarer.Line.Closed, mayInspect: mayInspect))
        {
            case Opened.Refused(var why):
                errors.Count(why);
                wayfarer.Record?.Fail(why);
                await Part(wayfarer, speaksTls: mayInspect);
                break;
            case Opened.Inspected again:
                using (again) await Open(wayfarer, target, again);
                break;
            case Opened.To to:
                using (to) await all.Run(wayfarer, target, to);
                break;
        }
    }

    private async Task Open(Wayfarer wayfarer, TunnelTarget target, Opened.Inspected opened)
    {
        if (InspectedTunnel.To(target, wayfarer.Way, opened.User) is not { } tunnel)
        {
            await Refuse(wayfarer, target, InspectionFault.OtherName);
            return;
        }

        var stream = new DuplexStream(wayfarer.Line.Pipe);
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        if (await ShakeHands(target, tls) is { } why)                                                                  // (3), (4)
        {
            await Refuse(wayfarer, target, why);
            return;
        }

        meter.Inspected();
        logger.TunnelInspected(wayfarer.Client, wayfarer.Way, target, $"{tls.NegotiatedApplicationProtocol}");
        await HandOn(wayfarer, target, opened, tls, tunnel);
    }

    /// <returns>Null: they have.</returns>
    private async ValueTask<InspectionFault?> ShakeHands(TunnelTarget target, SslStream tls)
    {
        using var late = new CancellationTokenSource(settings().Tls.HandshakeTimeout, clock);
        try
        {
            if (Interlocked.Increment(ref _handshakes) > settings().Tls.MaxHandshakes) return InspectionFault.Busy;
            if (certificates.For(target.Host) is not { } minting) return InspectionFault.NoCertificate;
            // Not ended when the client leaves: what it has said last is still to be read.
            await tls.AuthenticateAsServerAsync(Answer(await minting), late.Token);
            return null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or SocketException)
        {
            return late.IsCancellationRequested ? InspectionFault.TimedOut : InspectionFaults.Of(e);
        }
        catch (CryptographicException broken)
        {
            logger.NotMinted(broken, target);
            return InspectionFault.NoCertificate;
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    private SslServerAuthenticationOptions Answer(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = Handshakes.ProtocolsFrom(settings().Tls.MinVersion),
        AllowRenegotiation = false,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private async Task HandOn(Wayfarer wayfarer, TunnelTarget target, Opened.Inspected opened, SslStream tls, InspectedTunnel tunnel)
    {
        var figures = tunnels.Of(wayfarer.Way);
        figures.Accepted();
        if (wayfarer.Record is { } record) TellOpen(record, wayfarer.Way, opened);
        await using var inside = new InspectedConnection(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"inspected-{Interlocked.Increment(ref _connections)}"), wayfarer, tls, tunnel);
        try
        {
            await Inside.Take(inside);                                                                                           // (5)
            await Part(inside, tls);
        }
        finally
        {
            figures.Ended();
            if (wayfarer.Record is { } ended) ended.End = TunnelEnd.Closed;
            if (!tunnel.HasAsked) Tell(wayfarer, target, InspectionFault.NothingAsked);                                          // (6)
        }
    }

    // RFC 8446 §6.1: a client that sees no close_notify does not know whether that was all.
    private async Task Part(InspectedConnection inside, SslStream tls)
    {
        try
        {
            await inside.Transport.Input.CompleteAsync();
            await inside.Transport.Output.CompleteAsync();
            await tls.ShutdownAsync().WaitAsync(Farewell, clock);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or TimeoutException or SocketException)
        {
            // It is gone, or does not listen.
        }
    }

    private void TellOpen(AccessRecord record, TunnelWay way, Opened.Inspected opened)
    {
        (record.Way, record.Status, record.Rule, record.IsInspected) = (way, StatusCodes.Status200OK, opened.Admitted?.Rule, true);
        lines.Opened(record);
    }

    private async ValueTask Refuse(Wayfarer wayfarer, TunnelTarget target, InspectionFault why)
    {
        errors.Count(ForwardError.NotInspectable);
        wayfarer.Record?.Fail(ForwardError.NotInspectable);
        Tell(wayfarer, target, why);
        if (why is InspectionFault.OtherName or InspectionFault.Malformed or InspectionFault.TooLong or InspectionFault.Busy or InspectionFault.NoCertificate or InspectionFault.NotTls)
            await Part(wayfarer, speaksTls: why is not InspectionFault.NotTls);
    }

    private void Tell(Wayfarer wayfarer, TunnelTarget target, InspectionFault why)
    {
        meter.Failed(why);
        if (why is InspectionFault.NotAccepted) logger.CertificateNotAccepted(wayfarer.Client, target);
        else logger.TunnelNotInspected(wayfarer.Client, wayfarer.Way, target, why);
    }

    /// <summary>The client shall see that it is not the network: by an alert, or where it would not know what that is by a reset.</summary>
    private static async ValueTask Part(Wayfarer wayfarer, bool speaksTls)
    {
        try
        {
            if (speaksTls) await wayfarer.Output.Send(AccessDenied, CancellationToken.None);
            else wayfarer.Output.Reset();
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException)
        {
            // Nobody is left to hear it.
        }
    }
}
