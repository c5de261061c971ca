using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Granary.Scenarios.Consistency;

/// <summary>What came for a request. Its bytes are valid until the next one is sent.</summary>
internal readonly record struct Reply(int Status, string CacheStatus, string? Line, int? ContentLength, ReadOnlyMemory<byte> Content)
{
    public bool IsHit => CacheStatus.Contains("; hit", StringComparison.Ordinal);
}

/// <summary>A client's connection that is kept alive, with one request at a time and little work for each: thousands of reads a second are wanted of two cores.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    private Connection()
    {
    }

    /// <summary>Whether anything of the answer has come.</summary>
    public bool HasBegun => _length > 0;

    public static async Task<Connection> To(Uri address)
    {
        var connection = new Connection();
        try
        {
            await connection._socket.ConnectAsync(address.Host, address.Port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">Visibly cut, or not answered at all.</exception>
    public async Task<Reply> Asks(Resource resource, string language)
    {
        try
        {
            _length = 0;
            await _socket.SendAsync(Encoding.Latin1.GetBytes($"GET {resource.Path} HTTP/1.1\r\nHost: {resource.Host}\r\nAccept-Language: {language}\r\n\r\n"));
            int end;
            while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0) await Receive();
            return await Rest(Encoding.Latin1.GetString(_buffer, 0, end + 2), end + 4);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new IOException(gone.Message, gone);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Reply> Rest(string head, int begin)
    {
        int? announced = Field(head, "Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        while (announced is null || _length < begin + announced) await Receive(); // without a length it lasts until the connection ends, which is no whole answer here
        if (_length > begin + announced) throw new InvalidDataException($"{_length - begin - announced} bytes too many after {head}");
        return new Reply(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), Field(head, "Cache-Status") ?? "", Field(head, Site.Line), announced, _buffer.AsMemory(begin, announced.Value));
    }

    private async Task Receive()
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 4);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_length));
        if (count == 0) throw new IOException($"The connection ended after {_length} bytes.");
        _length += count;
    }

    private static string? Field(string head, string name)
    {
        var start = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;
        start += name.Length + 4;
        return head[start..head.IndexOf('\r', start)];
    }
}
