using System.Net;
using System.Net.Sockets;
using Granary.Edge.Access;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Layer4;
using Granary.Edge.Policy;
using Granary.Edge.Policy.Bandwidth;
using Granary.Edge.Presenting;
using Granary.Edge.Users;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tunnels;

/// <summary>
/// Tunnels, by whichever way a client asks for one: (1) may this client have one, to that port, and there  (2) connect, to an address that was checked  (3) not to ourselves  (4) copy both ways, and tell.
/// </summary>
internal sealed class OpenTunnels(
    ClientAccess access, Admission admission, Func<TunnelSettings> settings, GuardedConnect connect, OwnListeners own, Pseudonym pseudonym, TunnelMeter meter, AccessLines lines, Inspecting inspecting, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OpenTunnels> logger)
{
    /// <param name="user">Who the client has proved to be; null where it need not.</param>
    /// <param name="via">What the request has as Via; null: nothing, as with SOCKS.</param>
    /// <param name="mayInspect">Else a rule that inspects lets it through as it is.</param>
    public async ValueTask<Opened> Open(IPAddress? client, ClientIdentity? user, TunnelWay way, TunnelTarget target, CancellationToken cancellationToken, string? via = null, bool mayInspect = true)
    {
        if (via is not null && Via.ContainsPseudonym(new FieldLines([new FieldLine(FieldNames.Via, via)]), pseudonym.Name)) return new Opened.Refused(ForwardError.LoopDetected);
        if (WhyNot(client, target.Port) is { } refusal) return new Opened.Refused(refusal);                                  // (1)
        if (!admission.IsOn) return await Connect(target, null, via, cancellationToken);
        var admitted = await admission.Admit(client, user, way, target, cancellationToken, mayInspect);
        if (admitted is Admitted.Refused(var why)) return new Opened.Refused(why);
        var isIn = (Admitted.In)admitted;
        if (isIn.Inspects) return new Opened.Inspected(isIn, user);
        var opened = default(Opened);
        try
        {
            return opened = await Connect(target, isIn, via, cancellationToken);
        }
        finally
        {
            if (opened is not Opened.To) isIn.Dispose();
        }
    }

    /// <param name="admitted">Where addresses were judged, to one of them.</param>
    private async ValueTask<Opened> Connect(TunnelTarget target, Admitted.In? admitted, string? via, CancellationToken cancellationToken)
    {
        try
        {
            var from = connect.From(admitted?.From);
            var stream = (NetworkStream)await (admitted?.Addresses is { } addresses
                ? from.ConnectAsync(target.Host, addresses, target.Port, cancellationToken, via) : from.ConnectAsync(target.Host, target.Port, cancellationToken, via)); // (2)
            if (!own.IsOwn(stream.Socket)) return new Opened.To(stream.Socket, admitted);                                     // (3)
            await stream.DisposeAsync();
            return new Opened.Refused(ForwardError.LoopDetected);
        }
        catch (OriginConnectException round) when (round is { Fault: ConnectFault.ParentRefused, Tried: "508" })
        {
            return new Opened.Refused(ForwardError.LoopDetected); // and so does the one before
        }
        catch (OriginConnectException fault)
        {
            return new Opened.Refused(new ForwardError.Origin(OriginError.From(fault)));
        }
    }

    /// <summary>Done when the tunnel is closed. The destination is closed with it.</summary>
    public Task Run(Wayfarer wayfarer, TunnelTarget target, Opened.Ready opened) =>
        opened is Opened.To to ? Copy(wayfarer, target, to) : inspecting.Serve(this, wayfarer, target, (Opened.Inspected)opened);

    private async Task Copy(Wayfarer wayfarer, TunnelTarget target, Opened.To opened)
    {
        var (figures, begun) = (meter.Of(wayfarer.Way), clock.GetTimestamp());
        var output = opened.Admitted?.Pace is { } pace ? new PacedEnd(wayfarer.Output, pace) : wayfarer.Output;
        figures.Accepted();
        logger.TunnelOpened(wayfarer.Client, wayfarer.Way, target);
        if (wayfarer.Record is { } record) TellOpen(record, wayfarer.Way, opened);
        using var tunnel = new Tunnel(wayfarer.Input, output, opened.Destination, settings().IdleTimeout, figures, clock, lifetime.ApplicationStopping);
        try
        {
            var end = await tunnel.Run(ReadOnlyMemory<byte>.Empty);                                                           // (4)
            if (wayfarer.Record is { } ended) ended.End = end;
            logger.TunnelClosed(wayfarer.Client, wayfarer.Way, target, end, tunnel.BytesIn, tunnel.BytesOut, clock.GetElapsedTime(begun));
        }
        finally
        {
            figures.Ended();
            if (wayfarer.Record is { } told) (told.BytesIn, told.Bytes) = (tunnel.BytesIn, tunnel.BytesOut);
        }
    }

    private void TellOpen(AccessRecord record, TunnelWay way, Opened.To opened)
    {
        (record.Way, record.Status, record.From, record.Rule) = (way, StatusCodes.Status200OK, opened.Destination.RemoteEndPoint?.ToString(), opened.Admitted?.Rule);
        lines.Opened(record);
    }

    private ForwardError? WhyNot(IPAddress? client, int port)
    {
        if (access.ToForward(client) is { } refusal) return new ForwardError.ClientRefused(refusal);
        return settings().Ports.Any(range => range.Contains(port)) ? null : ForwardError.PortRefused;
    }
}
