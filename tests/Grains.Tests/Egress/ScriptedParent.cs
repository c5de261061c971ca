using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Grains.Tests.Egress;

/// <summary>A parent that reads so much, says its line, and so on; then it tells what it was told and leaves the connection open.</summary>
internal sealed class ScriptedParent : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _accepted = [];

    private ScriptedParent() => _listener.Start();

    public DnsEndPoint At => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public List<string> Heard { get; } = [];

    public int Connections => _accepted.Count;

    /// <param name="lines">What it waits for at the end of what it hears, and what it says then.</param>
    public static ScriptedParent Says(params (string Awaits, string Says)[] lines)
    {
        var parent = new ScriptedParent();
        _ = parent.Serve(lines);
        return parent;
    }

    /// <summary>Where nobody listens any more.</summary>
    public static DnsEndPoint Gone()
    {
        using var parent = new ScriptedParent();
        return parent.At;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _accepted) socket.Dispose();
    }

    private async Task Serve((string Awaits, string Says)[] lines)
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync();
            _accepted.Add(socket);
            _ = Talk(socket, lines);
        }
    }

    private async Task Talk(Socket socket, (string Awaits, string Says)[] lines)
    {
        foreach (var (awaits, says) in lines)
        {
            var (heard, buffer) = (new StringBuilder(), new byte[1]);
            while (!heard.ToString().EndsWith(awaits, StringComparison.Ordinal))
            {
                if (await socket.ReceiveAsync(buffer) == 0) return;
                heard.Append((char)buffer[0]);
            }

            lock (Heard) Heard.Add(heard.ToString());
            foreach (var piece in says.Split('|'))
            {
                if (piece == "END") socket.Shutdown(SocketShutdown.Both);
                else await socket.SendAsync(Encoding.Latin1.GetBytes(piece));
                await Task.Yield();
            }
        }
    }
}
