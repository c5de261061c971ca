using System.Net;
using System.Net.Sockets;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Names;
using Granary.Grains.Egress.Parents;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Grains.Origin.Addresses;

/// <summary>The addresses of a name.</summary>
public delegate ValueTask<IPAddress[]> NameResolver(string host, CancellationToken cancellationToken);

/// <summary>A connection to one address.</summary>
public delegate ValueTask<Stream> SocketConnector(IPEndPoint endPoint, CancellationToken cancellationToken);

/// <summary>
/// Connects to an origin: (1) by a parent proxy, if the host is one's  (2) else resolve the name, once  (3) check every address it has  (4) connect to one of the very addresses checked.
/// A name that resolves to a public and a private address, or to another one the second time, therefore gains nothing.
/// </summary>
public sealed class GuardedConnect
{
    private readonly DestinationPolicy? _policy;
    private readonly Func<TimeSpan> _timeout;
    private readonly TimeProvider _clock;
    private readonly NameResolver _resolve;
    private readonly Dialer _dialer;
    private readonly ParentConnect? _parents;
    private readonly SourceAddresses? _from;
    private readonly Action<string>? _unreachable;

    private GuardedConnect(DestinationPolicy? policy, Func<TimeSpan> timeout, TimeProvider clock, NameResolver resolve, Dialer dialer, ParentConnect? parents = null, SourceAddresses? from = null, Action<string>? unreachable = null) =>
        (_policy, _timeout, _clock, _resolve, _dialer, _parents, _from, _unreachable) = (policy, timeout, clock, resolve, dialer, parents, from, unreachable);

    /// <summary>For destinations that clients name, by the one way out.</summary>
    public static GuardedConnect ToAnyDestination(DestinationPolicy policy, Func<TimeSpan> timeout, WayOut way)
    {
        ArgumentNullException.ThrowIfNull(way);
        return new(policy, timeout, way.Clock, way.Resolve, way.Dialer, way.Parents, way.From);
    }

    /// <summary>For origins that the operator configured: they may be anywhere, and no parent lies between. One that has moved is asked for anew as soon as it is found gone.</summary>
    public static GuardedConnect ToConfiguredOrigins(Func<TimeSpan> timeout, WayOut way)
    {
        ArgumentNullException.ThrowIfNull(way);
        return new(null, timeout, way.Clock, way.Resolve, way.Dialer, unreachable: way.Forget);
    }

    /// <summary>The same without memory and parents.</summary>
    public static GuardedConnect ToAnyDestination(
        DestinationPolicy policy, Func<TimeSpan> timeout, TimeProvider clock, NameResolver? resolve = null, SocketConnector? connect = null) =>
        new(policy, timeout, clock, resolve ?? SystemNames.Ask, DialerBy(connect, clock));

    /// <inheritdoc cref="ToConfiguredOrigins(Func{TimeSpan}, WayOut)"/>
    public static GuardedConnect ToConfiguredOrigins(
        Func<TimeSpan> timeout, TimeProvider clock, NameResolver? resolve = null, SocketConnector? connect = null) =>
        new(null, timeout, clock, resolve ?? SystemNames.Ask, DialerBy(connect, clock));

    /// <summary>The same from other addresses of this machine.</summary>
    public GuardedConnect From(SourceAddresses? from) => from is null || from == _from ? this : new GuardedConnect(_policy, _timeout, _clock, _resolve, _dialer, _parents, from);

    /// <summary>To be used as <see cref="SocketsHttpHandler.ConnectCallback"/>. What goes to an HTTP parent in absolute-form does not come here, or only when there is none left.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var road = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp && RoadTo(host) is { Group.Protocol: ParentProtocol.Http } ? null : RoadTo(host);
        return InTime(deadline => Connect(road, host, null, port, null, deadline), cancellationToken);
    }

    /// <param name="via">What the request has as Via, for a parent.</param>
    /// <exception cref="OriginConnectException">No connection, with the reason.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the time-out is an <see cref="OriginConnectException"/>.</exception>
    public ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken, string? via = null) =>
        InTime(deadline => Connect(RoadTo(host), host, null, port, via, deadline), cancellationToken);

    /// <summary>To one of the addresses that <see cref="ResolveAsync(string, CancellationToken)"/> has given for the host, and to no other; a parent is given the host.</summary>
    /// <inheritdoc cref="ConnectAsync(string, int, CancellationToken, string)"/>
    public ValueTask<Stream> ConnectAsync(string host, IPAddress[] addresses, int port, CancellationToken cancellationToken, string? via = null) =>
        InTime(deadline => Connect(RoadTo(host), host, addresses, port, via, deadline), cancellationToken);

    /// <summary>The addresses of a host, checked: for who has something to decide about them before one of them is connected to.</summary>
    /// <exception cref="OriginConnectException">There are none, or one is refused.</exception>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, new ConnectDeadline(_timeout(), _clock, cancellationToken)).ConfigureAwait(false);
        Check(addresses);
        return addresses;
    }

    /// <summary>Judges a host that a parent will resolve.</summary>
    /// <returns>As it is handed on.</returns>
    /// <exception cref="OriginConnectException">It may not be connected to.</exception>
    internal string CheckForParent(string host)
    {
        if (NamesForOthers.Literal(host) is not { } literal) return NamesForOthers.Of(host, _policy);
        Check([literal]);
        return literal.ToString();
    }

    /// <summary>Whether an address may be connected to.</summary>
    internal bool Allows(IPAddress address) => _policy?.Check(address) is null;

    internal ParentRoad? RoadTo(string host) => _parents?.Roads.To(host);

    /// <summary>To one of the parents, for requests in absolute-form.</summary>
    /// <exception cref="OriginConnectException">There is none: <see cref="ConnectFault.ParentsUnavailable"/>.</exception>
    internal ValueTask<Stream> ConnectToParentAsync(ParentRoad road, CancellationToken cancellationToken) =>
        InTime(async deadline => await _parents!.ToOne(road, _from, deadline).ConfigureAwait(false) ?? throw new OriginConnectException(ConnectFault.ParentsUnavailable), cancellationToken);

    private async ValueTask<Stream> InTime(Func<ConnectDeadline, ValueTask<Stream>> connect, CancellationToken cancellationToken)
    {
        var deadline = new ConnectDeadline(_timeout(), _clock, cancellationToken);
        try
        {
            return await connect(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!deadline.WasItself)
        {
            // SocketsHttpHandler knows its own time-out by its own token, and takes any other for a broken connection.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    /// <param name="judged">Null: they are to be asked for.</param>
    private async ValueTask<Stream> Connect(ParentRoad? road, string host, IPAddress[]? judged, int port, string? via, ConnectDeadline deadline)
    {
        if (road is not null && await _parents!.To(road, CheckForParent(host), port, via, _from, deadline).ConfigureAwait(false) is { } indirect) return indirect; // (1)
        var addresses = judged ?? await ResolveAsync(host, deadline).ConfigureAwait(false);               // (2)
        Check(addresses);                                                                                // (3)
        using var limit = deadline.Whole();
        return await Dial(host, addresses, port, deadline, limit.Token).ConfigureAwait(false);           // (4)
    }

    // Of origins that the operator configured nobody outside is told how many addresses they have.
    private async ValueTask<Stream> Dial(string host, IPAddress[] addresses, int port, ConnectDeadline deadline, CancellationToken limit)
    {
        try
        {
            return await _dialer.Connect(host, addresses, port, _from, deadline, limit).ConfigureAwait(false);
        }
        catch (OriginConnectException e) when (_policy is null)
        {
            _unreachable?.Invoke(host);
            throw e.Tried is null ? e : new OriginConnectException(e.Fault, e.InnerException);
        }
    }

    private async ValueTask<IPAddress[]> ResolveAsync(string host, ConnectDeadline deadline)
    {
        using var limit = deadline.Whole();
        return await Asking.Addresses(_resolve, host, deadline, limit.Token).ConfigureAwait(false);
    }

    private void Check(IPAddress[] addresses)
    {
        if (_policy is null) return;
        foreach (var address in addresses)
            if (_policy.Check(address) is { } refusal) throw new OriginConnectException(ConnectFault.DestinationRefused, refusal: refusal);
    }

    internal static ConnectFault FaultOf(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => ConnectFault.ConnectionRefused,
        SocketError.TimedOut => ConnectFault.ConnectTimedOut,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => ConnectFault.NameNotResolved,
        _ => ConnectFault.Unreachable,
    };

    private static Dialer DialerBy(SocketConnector? connect, TimeProvider clock) =>
        new(static () => DialOptions.Default, connect is null ? Sockets.Connect : (to, _, cancellationToken) => connect(to, cancellationToken), clock, NullLogger.Instance);
}
