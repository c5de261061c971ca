using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Grains.Tests.Origin.Wire;

/// <summary>
/// A raw origin. It reads a request head (and content by its length), writes the next answer exactly as given and goes on, or closes if
/// the answer says so. It knows how many connections were made.
/// </summary>
internal sealed class ScriptedOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly bool _dribbles;
    private int _made;

    public ScriptedOrigin(bool dribbles = false)
    {
        _dribbles = dribbles;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = Accept();
    }

    /// <summary>At the end of an answer: the origin closes after it.</summary>
    public const string Close = "<close>";

    public int Connections => Volatile.Read(ref _made);

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Uri => new($"http://{_listener.LocalEndPoint}/");

    public void Answers(params string[] answers)
    {
        foreach (var answer in answers) _answers.Enqueue(answer);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections) connection.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync();
                connection.NoDelay = true;
                _connections.Add(connection);
                Interlocked.Increment(ref _made);
                _ = Serve(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task Serve(Socket connection)
    {
        try
        {
            while (await ReadHead(connection) is { } head && _answers.TryDequeue(out var answer))
            {
                Requests.Enqueue(head);
                var bytes = Encoding.Latin1.GetBytes(answer.Replace(Close, "", StringComparison.Ordinal));
                for (var i = 0; _dribbles && i < bytes.Length; i++) await connection.SendAsync(bytes.AsMemory(i, 1));
                if (!_dribbles) await connection.SendAsync(bytes);
                if (answer.EndsWith(Close, StringComparison.Ordinal)) break;
                if (head.Contains("Upgrade:", StringComparison.Ordinal)) await Echo(connection);
            }

            connection.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The guard dropped the connection: often what the test wants.
        }
    }

    private static async Task Echo(Socket connection)
    {
        var buffer = new byte[1000];
        for (int read; (read = await connection.ReceiveAsync(buffer)) > 0;) await connection.SendAsync(buffer.AsMemory(0, read));
    }

    private static async Task<string?> ReadHead(Socket connection)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await connection.ReceiveAsync(one) == 0) return null;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
