using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using Granary.Edge.Inspection;
using Granary.Language;

namespace Granary.Edge.Tests.Inspection;

/// <summary>ClientHellos, byte by byte. RFC 8446 §4.1.2.</summary>
internal static class Hellos
{
    /// <param name="name">Null: it names nobody.</param>
    public static byte[] For(string? name)
    {
        byte[] extensions = [];
        if (name is not null)
        {
            var host = Encoding.Latin1.GetBytes(name);
            extensions = [0, 0, .. Length(host.Length + 5), .. Length(host.Length + 3), 0, .. Length(host.Length), .. host];
        }

        byte[] hello = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, .. Length(extensions.Length), .. extensions];
        return [22, 3, 1, .. Length(hello.Length + 4), 1, 0, .. Length(hello.Length), .. hello];
    }

    /// <summary>As this platform says it.</summary>
    public static async Task<byte[]> Real(string name)
    {
        var (up, down) = (new Pipe(), new Pipe());
        await using var tls = new SslStream(new DuplexStream(new Ends(down.Reader, up.Writer)));
        var shaking = tls.AuthenticateAsClientAsync(name);
        var read = await up.Reader.ReadAsync();
        await down.Writer.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(() => shaking.Within());
        return read.Buffer.ToArray();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];
}
