using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Granary.Language;

/// <summary>A client that sends bytes exactly as given and reads what comes; chars are bytes (Latin-1).</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private string _read = "";

    private RawClient()
    {
    }

    /// <param name="address">Host and port.</param>
    /// <param name="receives">Size of the socket's receive buffer, for a client that takes little; 0: the system's own.</param>
    public static async Task<RawClient> Connects(Uri address, int receives = 0)
    {
        var client = new RawClient();
        if (receives > 0) client._socket.ReceiveBufferSize = receives;
        await client._socket.ConnectAsync(address.Host, address.Port).Within();
        return client;
    }

    /// <summary>False if the other side would not take it.</summary>
    public async Task<bool> Sends(string raw) => await Sends(Encoding.Latin1.GetBytes(raw));

    public async Task<bool> Sends(ReadOnlyMemory<byte> raw)
    {
        try
        {
            while (raw.Length > 0) raw = raw[await _socket.SendAsync(raw).AsTask().Within()..];
            return true;
        }
        catch (SocketException)
        {
            return false; // what was answered says why
        }
    }

    /// <summary>Reads up to and with that text.</summary>
    public async Task<string> ReadsTo(string text)
    {
        while (!_read.Contains(text, StringComparison.Ordinal))
            if (await ReadMore() == 0) throw new IOException($"Closed before '{text}', after: {_read}");
        return Take(_read.IndexOf(text, StringComparison.Ordinal) + text.Length);
    }

    /// <summary>One response head.</summary>
    public Task<string> ReadsHead() => ReadsTo("\r\n\r\n");

    /// <summary>One response with a Content-Length, whole.</summary>
    public async Task<(string Head, string Content)> ReadsResponse()
    {
        var head = await ReadsHead();
        var field = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return (head, await Reads(field is null ? 0 : int.Parse(field.Split(':')[1], CultureInfo.InvariantCulture)));
    }

    public async Task<string> Reads(int length)
    {
        while (_read.Length < length)
            if (await ReadMore() == 0) throw new IOException($"Closed after {_read.Length} of {length} bytes.");
        return Take(length);
    }

    /// <summary>Everything until the connection ends, by close or by reset.</summary>
    public async Task<string> ReadsToEnd()
    {
        while (await ReadMore() > 0)
        {
        }

        return Take(_read.Length);
    }

    /// <summary>Sends no more, and still reads.</summary>
    public void EndsSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves without a word.</summary>
    public void Resets()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private string Take(int length)
    {
        var taken = _read[..length];
        _read = _read[length..];
        return taken;
    }

    private async Task<int> ReadMore()
    {
        try
        {
            var length = await _socket.ReceiveAsync(_buffer).Within();
            _read += Encoding.Latin1.GetString(_buffer, 0, length);
            return length;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
