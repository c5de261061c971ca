using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Listening;

/// <summary>Sends bytes exactly as given, and reads what comes.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private string _read = "";

    public static async Task<WireClient> Connect(IPEndPoint address)
    {
        var client = new WireClient();
        await client._socket.ConnectAsync(address);
        return client;
    }

    public static async Task<string> Exchange(IPEndPoint address, string sent, bool dribble = false, bool thenLeave = false)
    {
        using var client = await Connect(address);
        await client.Send(sent, dribble);
        if (thenLeave) client.EndSending();
        return await client.ReadToEnd();
    }

    public async Task Send(string sent, bool dribble = false)
    {
        var bytes = Encoding.Latin1.GetBytes(sent);
        try
        {
            for (var i = 0; dribble && i < bytes.Length; i++) await _socket.SendAsync(bytes.AsMemory(i, 1));
            if (!dribble) await _socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Refused before all was sent: what was answered says why.
        }
    }

    public void EndSending()
    {
        if (_socket.Connected) _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Reads until that text was met, and gives everything up to its end.</summary>
    public async Task<string> ReadTo(string text)
    {
        while (!_read.Contains(text, StringComparison.Ordinal))
            if (!await ReadMore()) throw new IOException($"Closed before '{text}', after: {_read}");
        var end = _read.IndexOf(text, StringComparison.Ordinal) + text.Length;
        var before = _read[..end];
        _read = _read[end..];
        return before;
    }

    public async Task<string> ReadToEnd()
    {
        while (await ReadMore())
        {
        }

        return _read;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadMore()
    {
        var buffer = new byte[16 * 1024];
        using var impatience = new CancellationTokenSource(Deadline.Patience, TimeProvider.System);
        try
        {
            var length = await _socket.ReceiveAsync(buffer, impatience.Token);
            _read += Encoding.Latin1.GetString(buffer, 0, length);
            return length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
