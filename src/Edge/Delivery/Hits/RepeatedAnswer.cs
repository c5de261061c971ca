using System.Buffers;
using System.IO.Pipelines;
using Granary.Edge.Listening.Repeats;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery.Hits;

/// <summary>Writes a head and stored content to a connection, with one flush.</summary>
internal static class RepeatedAnswer
{
    /// <summary>What is held for a client that does not read, in bytes. Of more the server has to watch how fast it is taken.</summary>
    private const long Most = 1 << 20;

    public static bool CanSend(long length, RepeatedRequests to) => length <= LentContent.Copied || (length <= Most && to.Lending is not null);

    /// <summary>Disposes of the reader when its content has been sent, or never will be.</summary>
    public static ValueTask<FlushResult> Send(RepeatedRequests to, ReadOnlySpan<byte> start, ReadOnlySpan<byte> rest, ContentReader reader, long length)
    {
        var copied = length <= LentContent.Copied ? (int)length : 0;
        var room = to.Output.GetSpan(start.Length + rest.Length + copied);
        start.CopyTo(room);
        rest.CopyTo(room[start.Length..]);
        if (copied > 0) copied = Copy(reader, room.Slice(start.Length + rest.Length, copied));
        to.Output.Advance(start.Length + rest.Length + copied);
        var isWhole = copied == length || Lend(to, reader, length - copied);
        if (copied == length) reader.Dispose();
        else to.Lending!.Afterwards(reader);
        if (!isWhole) to.Abort("Stored content has gone.");
        return to.Output.FlushAsync();
    }

    private static int Copy(ContentReader reader, Span<byte> room)
    {
        var copied = 0;
        while (copied < room.Length && reader.TryRead(out var bytes) && !bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, room.Length - copied);
            bytes.Span[..count].CopyTo(room[copied..]);
            reader.Advance(count);
            copied += count;
        }

        return copied;
    }

    private static bool Lend(RepeatedRequests to, ContentReader reader, long left)
    {
        while (left > 0 && reader.TryRead(out var bytes) && !bytes.IsEmpty)
        {
            if (bytes.Length > left) bytes = bytes[..(int)left];
            to.Lending!.Lend(bytes);
            if (!to.Output.GetSpan(1).Overlaps(bytes.Span)) // somebody stands between
            {
                to.Lending.TakeBack();
                to.Output.Write(bytes.Span);
            }
            else to.Output.Advance(bytes.Length);
            reader.Advance(bytes.Length);
            left -= bytes.Length;
        }

        return left == 0;
    }
}
