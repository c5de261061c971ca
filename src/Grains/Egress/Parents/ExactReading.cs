using System.Net.Sockets;

namespace Granary.Grains.Egress.Parents;

/// <summary>Reads from a socket what a parent answers, and not a byte of what follows: that belongs to whoever uses the connection.</summary>
internal static class ExactReading
{
    /// <exception cref="IOException">It ended before.</exception>
    public static async ValueTask<byte[]> Exactly(this Stream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Up to an empty line. What has been looked at and has none in it is consumed, so each byte is looked at once.</summary>
    /// <returns>The head with the empty line; null if it is longer than that.</returns>
    /// <exception cref="IOException">It ended before.</exception>
    public static async ValueTask<byte[]?> Head(this Socket socket, int most, CancellationToken cancellationToken)
    {
        var (buffer, length) = (new byte[most], 0);
        while (length < most)
        {
            var seen = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
            if (seen == 0) throw new EndOfStreamException();
            var end = EndOfHead(buffer.AsSpan(0, length + seen));
            var mine = end < 0 ? seen : end - length;
            for (var taken = 0; taken < mine;)
                taken += await socket.ReceiveAsync(buffer.AsMemory(length + taken, mine - taken), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            length += mine;
            if (end >= 0) return buffer[..length];
        }

        return null;
    }

    // RFC 9112 §2.2: a recipient may take a lone LF for the end of a line.
    private static int EndOfHead(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)'\n') continue;
            if (i + 1 < bytes.Length && bytes[i + 1] == (byte)'\n') return i + 2;
            if (i + 2 < bytes.Length && bytes[i + 1] == (byte)'\r' && bytes[i + 2] == (byte)'\n') return i + 3;
        }

        return -1;
    }
}
