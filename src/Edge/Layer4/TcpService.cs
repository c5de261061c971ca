using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Granary.Edge.Layer4.Destinations;
using Granary.Edge.Layer4.Hello;
using Granary.Edge.ProxyProtocol;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Granary.Edge.Layer4;

/// <summary>
/// One listener of layer 4. A connection is (1) counted  (2) relieved of its PROXY header  (3) given a group of destinations, by the server name of its ClientHello
/// where that decides  (4) connected to one of them  (5) copied both ways  (6) told.
/// </summary>
internal sealed class TcpService
{
    private readonly TcpServices _all;
    private readonly TimeProvider _clock;
    private readonly ProxyProtocolGate? _gate;
    private volatile Routes _routes;

    public TcpService(TcpSettings settings, TcpServices all, TimeProvider clock)
    {
        (Settings, _all, _clock) = (settings, all, clock);
        _routes = Lead(settings, []);
        Figures = new ListenerFigures(settings.Title);
        Header = new OutgoingHeader(settings.ProxyProtocolOut);
        Connecting = new Connecting(GuardedConnect.ToConfiguredOrigins(() => settings.ConnectTimeout, clock));
        if (settings.ProxyProtocolIn is ProxyProtocolIn.Required) _gate = new ProxyProtocolGate(settings.TrustedFrom, settings.HeadTimeout, clock);
    }

    /// <summary>As they were at the start; of <c>To</c>, <c>Sni</c> and <c>Balance</c> others may be in force.</summary>
    public TcpSettings Settings { get; }

    public ListenerFigures Figures { get; }

    public OutgoingHeader Header { get; }

    public Connecting Connecting { get; }

    /// <summary>Each once, whatever names lead to it.</summary>
    public ImmutableArray<Destination> Destinations => _routes.Destinations;

    /// <summary>From now on new connections are handed on to these. A destination that stays keeps what is known of it.</summary>
    public void Becomes(TcpSettings settings) => _routes = Lead(settings, Destinations);

    /// <param name="nth">Which of the listener's ports the client came by.</param>
    public async Task Serve(ConnectionContext connection, int nth)
    {
        var local = connection.LocalEndPoint;
        try
        {
            if (Figures.Accepted() > Settings.MostConnections) Refuse(connection, TcpRefusal.TooManyConnections);               // (1)
            else if (_gate is not null && await _gate.Pass(connection) is { } fault) Refuse(connection, TcpRefusal.ProxyHeader, fault);   // (2)
            else if (await GroupFor(connection) is { } group) await HandOn(connection, group, nth);                             // (3)
        }
        finally
        {
            connection.LocalEndPoint = local; // a PROXY header may have told another; Kestrel's gauges count down where they counted up
            Figures.Ended();
        }
    }

    private async ValueTask<DestinationGroup?> GroupFor(ConnectionContext connection)
    {
        var routes = _routes;
        if (routes.AnyName is { } any) return any;
        var hello = await HelloPeek.Look(connection, Settings.HeadTimeout, _clock);
        if (hello is HelloReading.Named(var host))
        {
            if (routes.ByName.Find(host) is { } group) return group;
            Refuse(connection, TcpRefusal.UnknownServerName);
        }
        else Refuse(connection, TcpRefusal.ClientHello, (hello as HelloReading.Refused)?.Why);

        return null;
    }

    private async Task HandOn(ConnectionContext connection, DestinationGroup group, int nth)
    {
        var client = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (await Connecting.ToOneOf(group, client, nth, CancellationToken.None) is not var (destination, socket))              // (4)
        {
            Refuse(connection, TcpRefusal.NoDestination);
            return;
        }

        try
        {
            await Copy(connection, destination, socket);
        }
        finally
        {
            destination.Closed();
        }
    }

    private async Task Copy(ConnectionContext connection, Destination destination, Socket socket)
    {
        var begun = _clock.GetTimestamp();
        var stops = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var tunnel = new Tunnel(connection.Transport.Input, ClientEnd.Of(connection), socket, Settings.IdleTimeout, Figures, _clock, stops);
        var end = await tunnel.Run(Header.For(connection.RemoteEndPoint, connection.LocalEndPoint));                            // (5)
        _all.Logger.ConnectionClosed(Settings.Title, connection.RemoteEndPoint, destination.Place, end, tunnel.BytesIn, tunnel.BytesOut, _clock.GetElapsedTime(begun)); // (6)
    }

    // A crowd of refused connections leaves no time-outs behind: they are reset.
    private void Refuse(ConnectionContext connection, TcpRefusal why, Enum? detail = null)
    {
        _all.Meter.Refused(Settings.Title, why);
        _all.Logger.ConnectionRefused(Settings.Title, connection.RemoteEndPoint, why, detail ?? (object)"");
        connection.Abort(new ConnectionAbortedException("The connection is not handed on."));
    }

    private Routes Lead(TcpSettings settings, ImmutableArray<Destination> before)
    {
        var kept = before.ToDictionary(static one => one.Place);
        var known = settings.To.Concat(settings.Sni.SelectMany(static sni => sni.To)).Distinct().ToDictionary(static place => place, place => kept.GetValueOrDefault(place) ?? MakeDestination(place));
        return new Routes(
            settings.Sni.IsEmpty ? Group(settings.To) : null,
            new ServerNames<DestinationGroup>(settings.Sni.Select(sni => KeyValuePair.Create(sni.Host, Group(sni.To)))),
            [.. known.Values]);

        DestinationGroup Group(ImmutableArray<TcpDestination> places) => new([.. places.Select(place => known[place])], settings.Balance);
    }

    private Destination MakeDestination(TcpDestination place) => new(place, new Verdict(
        Settings.Listen!.Ports.Count > 1 ? 0 : Settings.FailuresInARow, Settings.OutFor, _clock, isUp =>
        {
            if (isUp) _all.Logger.DestinationBack(Settings.Title, place);
            else _all.Logger.DestinationOut(Settings.Title, place, Settings.FailuresInARow);
        }));

    /// <summary>What leads where, as one.</summary>
    /// <param name="AnyName">Null where the server name decides.</param>
    private sealed record Routes(DestinationGroup? AnyName, ServerNames<DestinationGroup> ByName, ImmutableArray<Destination> Destinations);
}
