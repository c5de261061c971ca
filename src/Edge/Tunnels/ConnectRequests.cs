using System.Globalization;
using System.Net;
using System.Text;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Listening;
using Granary.Edge.Users;
using Granary.Semantics.Framing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;

namespace Granary.Edge.Tunnels;

/// <summary>
/// CONNECT over HTTP/1.1 (RFC 9110 §9.3.6): (1) read the head  (2) connect to what it names  (3) answer 200: what follows on either side is the tunnel  (4) copy. Whatever goes wrong before is answered,
/// and the connection closed: the client may have begun to send what belongs into the tunnel.
/// </summary>
internal sealed class ConnectRequests(OpenTunnels tunnels, ErrorAnswers errors, RefusedRequests refused, Func<ClientSettings> settings, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public async Task Serve(ConnectionContext connection)
    {
        var output = ClientEnd.Of(connection);
        try
        {
            if (await Head(connection, output) is not { } head) return;                                                                            // (1)
            if (TunnelTarget.Parse(head.Target) is { } target) await Open(connection, output, head, target);
            else await Refuse(output, new ForwardError.BadRequest("The target of CONNECT is a host and a port."), head.Accept);
            await Linger(connection);
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or OperationCanceledException or ConnectionAbortedException)
        {
            errors.Count(ForwardError.ClientGone);
        }
    }

    private async Task Open(ConnectionContext connection, ClientEnd output, ConnectHead head, TunnelTarget target)
    {
        switch (await tunnels.Open((connection.RemoteEndPoint as IPEndPoint)?.Address, connection.Features.Get<ClientIdentity>(), TunnelWay.Connect, target, lifetime.ApplicationStopping))                    // (2)
        {
            case Opened.Refused(var why):
                await Refuse(output, why, head.Accept);
                break;
            case Opened.To to:
                using (to)
                {
                    await output.Send(Encoding.ASCII.GetBytes("HTTP/1.1 200 Connection established\r\n\r\n"), CancellationToken.None);         // (3)
                    await tunnels.Run(new Wayfarer(TunnelWay.Connect, connection.RemoteEndPoint, connection.Transport.Input, output), target, to); // (4)
                }

                break;
        }
    }

    private async ValueTask<ConnectHead?> Head(ConnectionContext connection, ClientEnd output)
    {
        using var late = new CancellationTokenSource(settings().HeadTimeout, clock);
        try
        {
            var limits = FramingLimits.Default with { HeadBytes = (int)settings().MaxRequestHeadSize };
            var (head, violation, hasContent) = await ConnectHead.Read(connection.Transport.Input, limits, late.Token);
            if (head is not null && !hasContent) return head;
            if (head is not null) await Refuse(output, new ForwardError.BadRequest("CONNECT has no content."), head.Accept); // RFC 9110 §9.3.6
            else if (violation is not FramingViolation.None)
            {
                refused.Add(violation);
                await output.Send(Refusal.Answer(violation, clock.GetUtcNow()), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            await Refuse(output, ForwardError.RequestTimedOut, accept: null);
        }

        await Linger(connection);
        return null;
    }

    private async ValueTask Refuse(ClientEnd output, ForwardError why, string? accept)
    {
        errors.Count(why);
        var asJson = ErrorFormat.PrefersJson(accept);
        var content = asJson ? ErrorContent.Problem(why) : ErrorContent.Text(why);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {why.Status} {ReasonPhrases.GetReasonPhrase(why.Status)}\r\nDate: {clock.GetUtcNow():R}\r\nContent-Type: {(asJson ? ErrorContent.ProblemType : ErrorContent.TextType)}\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        await output.Send(Encoding.ASCII.GetBytes(head).Concat(content).ToArray(), CancellationToken.None);
    }

    /// <summary>Unread bytes at the close would make the kernel reset the connection and take the answer away from the client. RFC 9112 §9.6.</summary>
    private static ValueTask Linger(ConnectionContext connection)
    {
        while (connection.Transport.Input.TryRead(out var read))
        {
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled) break;
        }

        return ValueTask.CompletedTask;
    }
}
