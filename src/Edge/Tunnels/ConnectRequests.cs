using System.Globalization;
using System.Net;
using System.Text;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Listening;
using Granary.Edge.Users;
using Granary.Semantics.Framing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Granary.Edge.Tunnels;

/// <summary>
/// CONNECT over HTTP/1.1 (RFC 9110 §9.3.6): (1) read the head  (2) who is it  (3) connect to what it names  (4) answer 200: what follows on either side is the tunnel  (5) copy. Whatever goes wrong before is answered,
/// and the connection closed: the client may have begun to send what belongs into the tunnel. Only a client that is asked who it is may say so on the same connection, if nothing has come behind its head.
/// </summary>
internal sealed class ConnectRequests(
    OpenTunnels tunnels, ForwardUsers users, AccessLines lines, ErrorAnswers errors, RefusedRequests refused, Func<ClientSettings> settings, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <param name="mayStay">Whether the connection may go on after a refusal.</param>
    /// <returns>Whether it does: another request may come.</returns>
    public async Task<bool> Serve(ConnectionContext connection, bool mayStay)
    {
        var asked = new Asked(connection, ClientEnd.Of(connection), lines.Begin());
        try
        {
            if (await Head(asked) is not { } head) return false;                                                                               // (1)
            if (asked.Record is { } record) (record.Target, record.Client, record.Status) = (head.Target, asked.Address, StatusCodes.Status499ClientClosedRequest);
            var stays = false;
            if (TunnelTarget.Parse(head.Target) is { } target) stays = await Serve(asked, head, target, mayStay);
            else await Refuse(asked, new ForwardError.BadRequest("The target of CONNECT is a host and a port."), head.Accept);
            if (!stays) await Linger(connection);
            return stays;
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or OperationCanceledException or ConnectionAbortedException)
        {
            errors.Count(ForwardError.ClientGone);
            return false;
        }
        finally
        {
            if (asked.Record is { Status: not 0 } told) lines.Write(told);
        }
    }

    private async Task<bool> Serve(Asked asked, ConnectHead head, TunnelTarget target, bool mayStay)
    {
        switch (await users.Of(asked.Address, head.Said, asked.Connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate))             // (2)
        {
            case Identified.Refused(var unknown):
                var stays = mayStay && head.MayStay && unknown is ForwardError.Unidentified && !HasMore(asked.Connection);
                await Refuse(asked, unknown, head.Accept, stays);
                return stays;
            case Identified.As(var who):
                await Open(asked, head, target, who);
                return false;
            default:
                return false;
        }
    }

    private async Task Open(Asked asked, ConnectHead head, TunnelTarget target, ClientIdentity? who)
    {
        if (asked.Record is { } record) record.User = who?.Name;
        switch (await tunnels.Open(asked.Address, who, TunnelWay.Connect, target, lifetime.ApplicationStopping, head.Via))                               // (3)
        {
            case Opened.Refused(var why):
                await Refuse(asked, why, head.Accept);
                break;
            case Opened.Ready to:
                using (to)
                {
                    await asked.Output.Send(Encoding.ASCII.GetBytes("HTTP/1.1 200 Connection established\r\n\r\n"), CancellationToken.None);         // (4)
                    await tunnels.Run(new Wayfarer(TunnelWay.Connect, asked.Connection.RemoteEndPoint, asked.Connection.Transport.Input, asked.Output) { Line = TunnelLine.Of(asked.Connection), Record = asked.Record }, target, to); // (5)
                }

                break;
        }
    }

    private async ValueTask<ConnectHead?> Head(Asked asked)
    {
        using var late = new CancellationTokenSource(settings().HeadTimeout, clock);
        try
        {
            var limits = FramingLimits.Default with { HeadBytes = (int)settings().MaxRequestHeadSize };
            var (head, violation, hasContent) = await ConnectHead.Read(asked.Connection.Transport.Input, limits, late.Token);
            if (head is not null && !hasContent) return head;
            if (head is not null) await Refuse(asked, new ForwardError.BadRequest("CONNECT has no content."), head.Accept); // RFC 9110 §9.3.6
            else if (violation is not FramingViolation.None)
            {
                refused.Add(violation);
                await asked.Output.Send(Refusal.Answer(violation, clock.GetUtcNow()), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            await Refuse(asked, ForwardError.RequestTimedOut, accept: null);
        }

        await Linger(asked.Connection);
        return null;
    }

    private async ValueTask Refuse(Asked asked, ForwardError why, string? accept, bool stays = false)
    {
        errors.Count(why);
        asked.Record?.Fail(why);
        var asJson = ErrorFormat.PrefersJson(accept);
        var content = asJson ? ErrorContent.Problem(why) : ErrorContent.Text(why);
        var challenges = why is ForwardError.Unidentified(var all) ? string.Concat(all.Select(static one => $"Proxy-Authenticate: {one}\r\n")) : "";
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {why.Status} {ReasonPhrases.GetReasonPhrase(why.Status)}\r\nDate: {clock.GetUtcNow():R}\r\nContent-Type: {(asJson ? ErrorContent.ProblemType : ErrorContent.TextType)}\r\nContent-Length: {content.Length}\r\n{challenges}Cache-Control: no-store\r\nConnection: {(stays ? "keep-alive" : "close")}\r\n\r\n");
        if (asked.Record is { } record) record.Bytes = content.Length;
        await asked.Output.Send(Encoding.Latin1.GetBytes(head).Concat(content).ToArray(), CancellationToken.None);
    }

    private sealed record Asked(ConnectionContext Connection, ClientEnd Output, AccessRecord? Record)
    {
        public IPAddress? Address => (Connection.RemoteEndPoint as IPEndPoint)?.Address;
    }

    // It may belong into the tunnel that there is not: it must not be read as a request. Whoever has ended will not ask again.
    private static bool HasMore(ConnectionContext connection)
    {
        if (!connection.Transport.Input.TryRead(out var read)) return false;
        var hasMore = !read.Buffer.IsEmpty || read.IsCompleted || read.IsCanceled;
        connection.Transport.Input.AdvanceTo(read.Buffer.Start);
        return hasMore;
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
