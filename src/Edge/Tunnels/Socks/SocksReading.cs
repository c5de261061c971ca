using System.Buffers;
using System.IO.Pipelines;

namespace Granary.Edge.Tunnels.Socks;

/// <summary>Reads so many bytes and not one more: what follows belongs into the tunnel.</summary>
/// <param name="late">A client that has not said all by then.</param>
internal sealed class SocksReading(PipeReader input, CancellationToken late)
{
    private const int MostText = 255;

    /// <exception cref="IOException">The client ended before.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask<byte[]> Exactly(int count)
    {
        var read = await input.ReadAtLeastAsync(count, late);
        if (read.Buffer.Length < count) throw new IOException("The client ended before it had said what it wants.");
        var bytes = read.Buffer.Slice(0, count).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }

    /// <summary>What stands before the next zero, which is consumed.</summary>
    /// <exception cref="IOException">It ended before, or is longer than anything sensible.</exception>
    public async ValueTask<byte[]> UpToZero()
    {
        while (true)
        {
            var read = await input.ReadAsync(late);
            if (read.Buffer.PositionOf((byte)0) is { } zero && read.Buffer.Slice(0, zero).Length <= MostText)
            {
                var bytes = read.Buffer.Slice(0, zero).ToArray();
                input.AdvanceTo(read.Buffer.GetPosition(1, zero));
                return bytes;
            }

            var isOver = read.IsCompleted || read.Buffer.Length > MostText;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (isOver) throw new IOException("The client did not say what it wants.");
        }
    }
}
