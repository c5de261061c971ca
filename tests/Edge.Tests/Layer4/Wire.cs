using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

/// <summary>One end of a connection, byte by byte.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    public Socket Socket => socket;

    public IPEndPoint Local => (IPEndPoint)socket.LocalEndPoint!;

    public NetworkStream Stream => new(socket);

    public static async Task<Wire> To(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).Within();
        return new Wire(socket);
    }

    public Task Says(string text) => Says(Encoding.Latin1.GetBytes(text));

    public async Task Says(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes).AsTask().Within()..];
    }

    public async Task Hears(string text) => Assert.Equal(text, Encoding.Latin1.GetString(await Takes(text.Length)));

    public async Task<byte[]> Takes(int length)
    {
        var heard = new byte[length];
        for (int have = 0, more; have < heard.Length; have += more)
            if ((more = await socket.ReceiveAsync(heard.AsMemory(have)).AsTask().Within()) == 0) Assert.Fail($"The end came after {have} bytes.");
        return heard;
    }

    /// <summary>Everything up to the FIN of the other side.</summary>
    public async Task<byte[]> HearsTheRest()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory()).AsTask().Within()) > 0;) all.Write(buffer, 0, read);
        return all.ToArray();
    }

    public async Task HearsTheEnd() => Assert.Empty(await HearsTheRest());

    public async Task HearsAReset()
    {
        var e = await Assert.ThrowsAsync<SocketException>(HearsTheRest);
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    /// <summary>No more from here; the other half stays open.</summary>
    public void Ends() => socket.Shutdown(SocketShutdown.Send);

    public void Resets()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
