using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Semantics.Fields;
using Xunit;

namespace Granary.Language;

/// <summary>An origin on a real socket that answers as it was told, path by path, and remembers what it was asked.</summary>
public sealed class Origin : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Socket _place; // held when it listens no more: else somebody else might be given the port, and answer for it
    private readonly ConcurrentDictionary<string, Func<OriginSide, Task>> _acts = new();
    private readonly ConcurrentDictionary<string, bool> _headsOnly = new();
    private readonly ConcurrentDictionary<string, ImmutableList<ReceivedRequest>> _received = new();
    private readonly ConcurrentDictionary<Socket, bool> _connections = new();
    private readonly Changes _arrivals = new();
    private readonly bool _remembers;

    private Origin(IPEndPoint at, bool remembers)
    {
        _remembers = remembers;
        _place = Bound(new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp), at);
        _listener = new TcpListener((IPEndPoint)_place.LocalEndPoint!);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start(4096);
        _ = Accept();
    }

    public string Authority => _listener.LocalEndpoint.ToString()!;

    public string Url => $"http://{Authority}";

    public int Connections => _connections.Count;

    /// <param name="at">Where it listens; null: on a free port of loopback.</param>
    /// <param name="remembers">Whether it can be asked what it was asked; without it may be asked for millions.</param>
    public static Origin Starts(IPEndPoint? at = null, bool remembers = true) => new(at ?? new IPEndPoint(IPAddress.Loopback, 0), remembers);

    /// <summary>From now on requests for that path get this response.</summary>
    public void Answers(string path, int status, IEnumerable<string> fields, string content = "") =>
        Acts(path, side => side.Answers(status, fields, content));

    /// <summary>From now on requests for that path are treated like this.</summary>
    public void Acts(string path, Func<OriginSide, Task> act)
    {
        _headsOnly.TryRemove(path, out _);
        _acts[path] = act;
    }

    /// <summary>The same, as soon as the head of a request is there; its content is left where it is.</summary>
    public void TakesHeadsOnly(string path, Func<OriginSide, Task> act)
    {
        _acts[path] = act;
        _headsOnly[path] = true;
    }

    public IReadOnlyList<ReceivedRequest> Requests(string path) => _received.TryGetValue(path, out var received) ? received : [];

    /// <summary>The targets asked for that start so, in no order.</summary>
    public IReadOnlyList<string> RequestsUnder(string prefix) => [.. _received.Keys.Where(target => target.StartsWith(prefix + "/", StringComparison.Ordinal))];

    public void WasAsked(string path, int times) =>
        Assert.True(Requests(path).Count == times, $"The origin was asked {Requests(path).Count} times for {path}, not {times}.");

    public void WasNotAsked(string path) => WasAsked(path, 0);

    /// <summary>The newest request for the path had these field lines.</summary>
    public void WasAsked(string path, params string[] fields)
    {
        var newest = Requests(path)[^1];
        foreach (var line in FieldLines.Of(fields))
            Assert.True(newest.Fields.Combined(line.Name) == line.Value, $"{path} was asked with {line.Name}: {newest.Fields.Combined(line.Name) ?? "(absent)"}, not {line.Value}.");
    }

    public void WasAskedWithout(string path, params string[] names)
    {
        var newest = Requests(path)[^1];
        foreach (var name in names) Assert.False(newest.Fields.Has(name), $"{path} was asked with {name}: {newest.Fields.Combined(name)}.");
    }

    /// <summary>What it was told and what it was asked, all of it: for who comes next.</summary>
    public void Forgets()
    {
        _acts.Clear();
        _headsOnly.Clear();
        _received.Clear();
    }

    /// <summary>Waits until that many requests for the path have arrived.</summary>
    public Task IsAsked(string path, int times = 1) =>
        _arrivals.Until(() => Requests(path).Count >= times, () => $"The origin was asked {Requests(path).Count} times for {path}, not {times}.");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var socket in _connections.Keys) socket.Close();
        await Task.CompletedTask;
    }

    private static Socket Bound(Socket socket, IPEndPoint at)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(at);
        return socket;
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // stopped
        }
    }

    private async Task Serve(Socket socket)
    {
        _connections[socket] = true;
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var reader = new RequestReader(stream, _headsOnly.ContainsKey);
            for (var first = true; await reader.Read() is { } request; first = false)
            {
                var side = new OriginSide(request, stream, socket, first);
                var act = ActFor(request);
                Remember(request);
                await act(side);
                if (side.IsOver) return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // the other side has gone
        }
        finally
        {
            _connections.TryRemove(socket, out _);
        }
    }

    private Func<OriginSide, Task> ActFor(ReceivedRequest request) =>
        _acts.TryGetValue(request.Target, out var act) || _acts.TryGetValue(request.Target.Split('?')[0], out act)
            ? act
            : side => side.Answers(404, ["Cache-Control: no-store"], $"the origin was not told of {request.Target}");

    private void Remember(ReceivedRequest request)
    {
        if (!_remembers) return;
        _received.AddOrUpdate(request.Target, _ => [request], (_, former) => former.Add(request));
        _arrivals.Happen();
    }
}

/// <summary>Reads requests off a connection: heads, and content by length or chunks.</summary>
internal sealed class RequestReader(Stream stream, Predicate<string> takesHeadOnly)
{
    /// <summary>Content longer than this is counted, not kept.</summary>
    private const int MostKept = 1 << 24;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    private long Received { get; set; }

    public async Task<ReceivedRequest?> Read()
    {
        Received = 0;
        if (await Line() is not { } requestLine) return null;
        var parts = requestLine.Split(' ');
        var lines = ImmutableArray.CreateBuilder<FieldLine>();
        while (await Line() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            lines.Add(new FieldLine(line[..colon], line[(colon + 1)..].Trim()));
        }

        var fields = new FieldLines(lines.DrainToImmutable());
        var content = takesHeadOnly(parts[1]) ? [] : await Content(fields);
        return new ReceivedRequest(parts[0], parts[1], fields, content, Received);
    }

    private async Task<byte[]> Content(FieldLines fields)
    {
        if (fields.First("Content-Length") is { } length) return await Bytes(long.Parse(length, CultureInfo.InvariantCulture));
        if (!fields.Has("Transfer-Encoding")) return [];
        using var all = new MemoryStream();
        while (int.Parse((await Line())!.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            all.Write(await Bytes(size));
            await Line();
        }

        while (await Line() is { Length: > 0 })
        {
        }

        return all.ToArray();
    }

    private async Task<byte[]> Bytes(long count)
    {
        var kept = new byte[count <= MostKept ? count : 0];
        for (var done = 0L; done < count;)
        {
            if (_start == _end && !await Fill()) throw new IOException("The request ended early.");
            var length = (int)Math.Min(_end - _start, count - done);
            if (kept.Length > 0) _buffer.AsSpan(_start, length).CopyTo(kept.AsSpan((int)done));
            (_start, done) = (_start + length, done + length);
        }

        Received += count;
        return kept;
    }

    private async Task<string?> Line()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await Fill()) return null;
            var c = (char)_buffer[_start++];
            if (c == '\n') return line.ToString().TrimEnd('\r');
            line.Append(c);
        }
    }

    private async Task<bool> Fill()
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer);
        return _end > 0;
    }
}
