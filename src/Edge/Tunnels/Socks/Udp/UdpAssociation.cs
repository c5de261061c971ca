using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Granary.Edge.Layer4;
using Granary.Edge.Users;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>
/// Relays datagrams of one client (RFC 1928 §7) while its connection lasts: (1) take one that comes from the client's address, and from the port that it used first  (2) not more often than allowed  (3) find where it goes, decided once in a
/// while for each host and port  (4) send its data there  (5) bring back what comes from there, and from nowhere else.
/// </summary>
internal sealed class UdpAssociation : IDisposable
{
    /// <summary>How long a decision holds: policy, addresses and settings may have changed.</summary>
    internal static readonly TimeSpan DecisionHolds = TimeSpan.FromSeconds(30);

    internal const int MostTargets = 256;

    private const int MostDatagram = 65_536;

    private readonly UdpJudging _judging;
    private readonly UdpMeter _meter;
    private readonly TimeProvider _clock;
    private readonly IPAddress _client;
    private readonly ClientIdentity? _who;
    private readonly Socket _relay;
    private readonly Dictionary<(string Host, int Port), UdpTarget> _targets = [];
    private readonly ConcurrentDictionary<IPEndPoint, byte> _peers = new();
    private readonly ConcurrentDictionary<(AddressFamily, IPAddress?), Socket> _outer = new();
    private readonly ConcurrentBag<Task> _ways = [];
    private readonly CancellationTokenSource _over = new(); // never disposed: a timer that runs out just then may still cancel it
    private readonly IdleWatch _idle;
    private readonly UdpRate _rate;
    private volatile IPEndPoint? _clientEnd;
    private long _in, _out;

    /// <param name="local">The address that the client has connected to.</param>
    /// <param name="port">Where it says that it will send from; 0: that is not known yet.</param>
    /// <exception cref="SocketException">There is no port left.</exception>
    public UdpAssociation(UdpJudging judging, UdpMeter meter, TunnelSettings settings, TimeProvider clock, IPAddress client, ClientIdentity? who, IPAddress local, int port)
    {
        (_judging, _meter, _clock, _client, _who) = (judging, meter, clock, Plain(client), who);
        if (port != 0) _clientEnd = new IPEndPoint(_client, port);
        _rate = new UdpRate(settings.UdpRate, clock);
        _relay = Bound(Plain(local));
        _idle = new IdleWatch(settings.UdpIdleTimeout, clock, _over.Cancel);
    }

    /// <summary>Where the client sends to.</summary>
    public IPEndPoint Relay => (IPEndPoint)_relay.LocalEndPoint!;

    public long BytesIn => Interlocked.Read(ref _in);

    public long BytesOut => Interlocked.Read(ref _out);

    /// <summary>Ends when the connection does, or when nothing comes any more. Never throws for what a network does.</summary>
    public async Task Run(Task connectionEnds)
    {
        var relaying = Relaying();
        await Task.WhenAny(connectionEnds, Ended());
        await _over.CancelAsync();
        await relaying;
        while (_ways.TryTake(out var way)) await way; // one may have begun another
    }

    public void Dispose()
    {
        _idle.Dispose();
        _relay.Dispose();
        foreach (var socket in _outer.Values) socket.Dispose();
        lock (_targets)
            foreach (var target in _targets.Values) target.Dispose();
    }

    private Task Ended()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _over.Token.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetResult(), ended);
        return ended.Task;
    }

    private Task Relaying() => Each(_relay, 0, static (self, from, datagram) => self.FromClient(from, datagram));

    /// <param name="room">Bytes before each datagram.</param>
    private async Task Each(Socket socket, int room, Func<UdpAssociation, IPEndPoint, ReadOnlyMemory<byte>, ValueTask> take)
    {
        var any = new IPEndPoint(socket.AddressFamily is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, _over.Token); // no buffer is held while nothing comes
                using var buffer = MemoryPool<byte>.Shared.Rent(MostDatagram + room);
                var got = await socket.ReceiveFromAsync(buffer.Memory[room..], SocketFlags.None, any, _over.Token);
                await take(this, (IPEndPoint)got.RemoteEndPoint, buffer.Memory[..(room + got.ReceivedBytes)]);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                _meter.Dropped(UdpDrop.Unsendable); // that one; the next may go
            }
        }
    }

    private ValueTask FromClient(IPEndPoint from, ReadOnlyMemory<byte> datagram)
    {
        if (!IsClient(from)) return Drop(UdpDrop.Stranger);                                                    // (1)
        if (UdpHeader.Read(datagram.Span) is not { } header) return Drop(UdpDrop.Malformed);
        _clientEnd ??= from;
        _idle.Moved();
        if (!_rate.MayGo()) return Drop(UdpDrop.TooMany);                                                      // (2)
        if (TargetOf(header) is not { } target) return Drop(UdpDrop.TooMany);                                  // (3)
        var data = datagram[header.Length..];
        return target.IsDecided ? Send(target, data) : Wait(target, data);
    }

    private bool IsClient(IPEndPoint from) => _clientEnd is { } known ? known.Equals(from) : _client.Equals(from.Address);

    private UdpTarget? TargetOf(UdpHeader header)
    {
        lock (_targets)
        {
            var key = (header.Host, header.Port);
            if (_targets.TryGetValue(key, out var known) && (!known.IsDecided || _clock.GetElapsedTime(known.Since) < DecisionHolds)) return known;
            if (known is not null) Forget_NeedsLock(key, known);
            if (_targets.Count >= MostTargets) ForgetOld_NeedsLock();
            if (_targets.Count >= MostTargets) return null;
            var target = _targets[key] = new UdpTarget(_clock.GetTimestamp());
            _ways.Add(Decide(target, header));
            return target;
        }
    }

    private void ForgetOld_NeedsLock()
    {
        foreach (var (key, target) in _targets)
            if (target.IsDecided && _clock.GetElapsedTime(target.Since) >= DecisionHolds) Forget_NeedsLock(key, target);
    }

    private void Forget_NeedsLock((string, int) key, UdpTarget target)
    {
        _targets.Remove(key);
        if (target.EndPoint is { } end) _peers.TryRemove(end, out _);
        target.Dispose();
    }

    private async Task Decide(UdpTarget target, UdpHeader header)
    {
        await Task.Yield(); // the lock is held
        try
        {
            await _judging.Decide(target, _client, _who, header.Host, header.Port, _over.Token);
            if (Interlocked.Exchange(ref target.Waiting, null) is { } first) await Send(target, first);
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The association is over, or the datagram is lost.
        }
    }

    private ValueTask Wait(UdpTarget target, ReadOnlyMemory<byte> data)
    {
        if (Interlocked.CompareExchange(ref target.Waiting, data.ToArray(), null) is not null) return Drop(UdpDrop.Undecided);
        return target.IsDecided && Interlocked.Exchange(ref target.Waiting, null) is { } mine ? Send(target, mine) : ValueTask.CompletedTask;
    }

    private async ValueTask Send(UdpTarget target, ReadOnlyMemory<byte> data)                                   // (4)
    {
        if (target.EndPoint is not { } to || !_judging.MayStill(to.Address))
        {
            await Drop(UdpDrop.Refused);
            return;
        }

        _peers[to] = 0;
        await Outer(to.AddressFamily, target.From).SendToAsync(data, SocketFlags.None, to, _over.Token);
        Interlocked.Add(ref _in, data.Length);
        _meter.Relayed(isIn: true);
    }

    private Socket Outer(AddressFamily family, IPAddress? from)
    {
        if (_outer.TryGetValue((family, from), out var known)) return known;
        var made = Bound(from ?? (family is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any));
        if (!_outer.TryAdd((family, from), made))
        {
            made.Dispose();
            return _outer[(family, from)];
        }

        _ways.Add(Each(made, UdpHeader.Most, static (self, peer, datagram) => self.FromOutside(peer, datagram)));
        return made;
    }

    private async ValueTask FromOutside(IPEndPoint from, ReadOnlyMemory<byte> datagram)                       // (5)
    {
        if (!_peers.ContainsKey(from) || _clientEnd is not { } client)
        {
            await Drop(UdpDrop.Stranger);
            return;
        }

        _idle.Moved();
        var sent = WithHeader(from, datagram);
        await _relay.SendToAsync(sent, SocketFlags.None, client, _over.Token);
        Interlocked.Add(ref _out, datagram.Length - UdpHeader.Most);
        _meter.Relayed(isIn: false);
    }

    // The header goes right before the data, into the room that was left for it.
    private static ReadOnlyMemory<byte> WithHeader(IPEndPoint from, ReadOnlyMemory<byte> datagram)
    {
        Span<byte> header = stackalloc byte[UdpHeader.Most];
        var length = UdpHeader.Write(from, header);
        var all = System.Runtime.InteropServices.MemoryMarshal.AsMemory(datagram)[(UdpHeader.Most - length)..];
        header[..length].CopyTo(all.Span);
        return all;
    }

    private ValueTask Drop(UdpDrop why)
    {
        _meter.Dropped(why);
        return ValueTask.CompletedTask;
    }

    private static Socket Bound(IPAddress local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(local, 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
