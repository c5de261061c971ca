using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Granary.Language;

/// <summary>One request and whatever the origin does about it, well-behaved or not.</summary>
public sealed class OriginSide(ReceivedRequest request, Stream stream, Socket socket, bool isFirst)
{
    public ReceivedRequest Request { get; } = request;

    public bool IsFirstOfConnection { get; } = isFirst;

    /// <summary>Where the connection comes from.</summary>
    public System.Net.IPEndPoint Peer => (System.Net.IPEndPoint)socket.RemoteEndPoint!;

    internal bool IsOver { get; private set; }

    /// <summary>The same request as an origin sees it that does not know this field.</summary>
    public OriginSide Without(string field) => new(Request with { Fields = Request.Fields.Without(field) }, stream, socket, IsFirstOfConnection);

    /// <summary>Bytes exactly as written; chars are bytes (Latin-1).</summary>
    public async Task Sends(string raw) => await stream.WriteAsync(Encoding.Latin1.GetBytes(raw));

    public async Task Sends(ReadOnlyMemory<byte> raw) => await stream.WriteAsync(raw);

    /// <summary>A whole response with a Content-Length, unless the fields say how it is framed.</summary>
    public async Task Answers(int status, IEnumerable<string> fields, string content = "")
    {
        var head = new StringBuilder($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} Said\r\n");
        var framed = status is 204 or 304 or < 200;
        foreach (var field in fields)
        {
            head.Append(field).Append("\r\n");
            framed |= field.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) || field.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase);
        }

        if (!framed) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}\r\n");
        head.Append("\r\n");
        if (Request.Method != "HEAD") head.Append(content);
        await Sends(head.ToString());
    }

    /// <summary>Ends its half of the connection and waits, as a polite server does, until the other side has gone too.</summary>
    public async Task Ends()
    {
        socket.Shutdown(SocketShutdown.Send);
        await Waits();
    }

    /// <summary>Sends back what comes; ends the connection at the word.</summary>
    public async Task Echoes(string untilWord)
    {
        IsOver = true;
        var buffer = new byte[4096];
        for (var length = await stream.ReadAsync(buffer); length > 0; length = await stream.ReadAsync(buffer))
        {
            if (Encoding.Latin1.GetString(buffer, 0, length) == untilWord) return;
            await stream.WriteAsync(buffer.AsMemory(0, length));
        }
    }

    /// <summary>Does nothing more until the other side has gone.</summary>
    public async Task Waits()
    {
        IsOver = true;
        var rest = new byte[4096];
        while (await stream.ReadAsync(rest) > 0)
        {
        }
    }

    /// <summary>Ends the connection as TCP does.</summary>
    public void Closes()
    {
        IsOver = true;
        socket.Shutdown(SocketShutdown.Both);
        socket.Close();
    }

    public void Ends(bool reset)
    {
        if (reset) Resets();
        else Closes();
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Resets()
    {
        IsOver = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
