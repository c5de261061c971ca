using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Granary.Grains.Origin.Addresses;

/// <summary>The addresses of a name.</summary>
public delegate ValueTask<IPAddress[]> NameResolver(string host, CancellationToken cancellationToken);

/// <summary>A connection to one address.</summary>
public delegate ValueTask<Stream> SocketConnector(IPEndPoint endPoint, CancellationToken cancellationToken);

/// <summary>
/// Connects to an origin: (1) resolve the name, once  (2) check every address it has  (3) connect to one of the very addresses checked.
/// A name that resolves to a public and a private address, or to another one the second time, therefore gains nothing.
/// </summary>
public sealed class GuardedConnect
{
    private readonly DestinationPolicy? _policy;
    private readonly Func<TimeSpan> _timeout;
    private readonly TimeProvider _clock;
    private readonly NameResolver _resolve;
    private readonly SocketConnector _connect;

    private GuardedConnect(DestinationPolicy? policy, Func<TimeSpan> timeout, TimeProvider clock, NameResolver? resolve, SocketConnector? connect)
    {
        (_policy, _timeout, _clock) = (policy, timeout, clock);
        _resolve = resolve ?? AskSystem;
        _connect = connect ?? OpenSocket;
    }

    /// <summary>For destinations that clients name.</summary>
    public static GuardedConnect ToAnyDestination(
        DestinationPolicy policy, Func<TimeSpan> timeout, TimeProvider clock, NameResolver? resolve = null, SocketConnector? connect = null) =>
        new(policy, timeout, clock, resolve, connect);

    /// <summary>For origins that the operator configured: they may be anywhere.</summary>
    public static GuardedConnect ToConfiguredOrigins(
        Func<TimeSpan> timeout, TimeProvider clock, NameResolver? resolve = null, SocketConnector? connect = null) =>
        new(null, timeout, clock, resolve, connect);

    /// <summary>To be used as <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);

    /// <exception cref="OriginConnectException">No connection, with the reason.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the time-out is an <see cref="OriginConnectException"/>.</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var deadline = new ConnectDeadline(_timeout(), _clock, cancellationToken);
        try
        {
            var addresses = await ResolveAsync(host, deadline).ConfigureAwait(false);   // (1)
            Check(addresses);                                                           // (2)
            return await ConnectToOneOfAsync(addresses, port, deadline).ConfigureAwait(false);   // (3)
        }
        catch (OperationCanceledException e) when (!deadline.WasItself)
        {
            // SocketsHttpHandler knows its own time-out by its own token, and takes any other for a broken connection.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    /// <summary>The addresses of a host, checked: for who has something to decide about them before one of them is connected to.</summary>
    /// <exception cref="OriginConnectException">There are none, or one is refused.</exception>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, new ConnectDeadline(_timeout(), _clock, cancellationToken)).ConfigureAwait(false);
        Check(addresses);
        return addresses;
    }

    /// <summary>To one of the addresses that <see cref="ResolveAsync(string, CancellationToken)"/> has given, and to no other.</summary>
    /// <exception cref="OriginConnectException">No connection, with the reason.</exception>
    public async ValueTask<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        Check(addresses);
        return await ConnectToOneOfAsync(addresses, port, new ConnectDeadline(_timeout(), _clock, cancellationToken)).ConfigureAwait(false);
    }

    private async ValueTask<IPAddress[]> ResolveAsync(string host, ConnectDeadline deadline)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        using var limit = deadline.Whole();
        try
        {
            var addresses = await _resolve(host, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses : throw new OriginConnectException(ConnectFault.NameNotResolved);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)   // ArgumentException: over 255 characters, or not a name
        {
            throw new OriginConnectException(ConnectFault.NameNotResolved, e);
        }
        catch (OperationCanceledException e) when (deadline.WasItself)
        {
            throw new OriginConnectException(ConnectFault.NameNotResolved, e);
        }
    }

    private void Check(IPAddress[] addresses)
    {
        if (_policy is null) return;
        foreach (var address in addresses)
            if (_policy.Check(address) is { } refusal) throw new OriginConnectException(ConnectFault.DestinationRefused, refusal: refusal);
    }

    private async ValueTask<Stream> ConnectToOneOfAsync(IPAddress[] addresses, int port, ConnectDeadline deadline)
    {
        var worst = default(OriginConnectException);
        for (var i = 0; i < addresses.Length; i++)
        {
            using var share = deadline.ShareAmong(addresses.Length - i);
            try
            {
                return await _connect(new IPEndPoint(addresses[i], port), share.Token).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                worst = new OriginConnectException(FaultOf(e), e);
            }
            catch (OperationCanceledException e) when (deadline.WasItself)
            {
                worst = new OriginConnectException(ConnectFault.ConnectTimedOut, e);
            }
        }

        throw worst!;
    }

    internal static ConnectFault FaultOf(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => ConnectFault.ConnectionRefused,
        SocketError.TimedOut => ConnectFault.ConnectTimedOut,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => ConnectFault.NameNotResolved,
        _ => ConnectFault.Unreachable,
    };

    private static async ValueTask<IPAddress[]> AskSystem(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket, and the catch closes it when there is no stream.")]
    private static async ValueTask<Stream> OpenSocket(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        if (endPoint.Address.IsIPv4MappedToIPv6) endPoint = new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port); // ::ffff:0:0/96 has no route of its own
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
