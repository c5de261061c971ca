using System.IO.Pipelines;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>
/// Reads what a silo answered from its socket straight into the response to a client:
/// (1) let the head out if no byte has come yet  (2) read what has come, no further ahead than the response's own buffer  (3) leave the connection fit for use.
/// </summary>
/// <param name="expected">Null for all there will be.</param>
/// <param name="silence">How long nothing may come.</param>
internal sealed class SiloReading(HttpResponseMessage response, long? expected, Patience patience, TimeSpan silence)
{
    private const int Least = 4 << 10;
    private const int Most = 64 << 10;
    private const int WorthSending = 16 << 10;

    private int _unsent;
    private int _size = Most;

    public async Task Send(HttpContext context)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await HasMore(stream, context);                                                                          // (1)
        await context.Response.StartAsync(context.RequestAborted); // before that Kestrel gives memory that it copies from
        var isRead = await Copy(stream, context);                                                                // (2)
        if (isRead && response.Content.Headers.ContentLength is null) await Read(stream, new byte[1]);          // (3) past the last chunk
    }

    // An empty read ends when there is something to read, and touches no memory of the response, so that meanwhile it can be flushed.
    private async ValueTask HasMore(Stream stream, HttpContext context)
    {
        var more = Read(stream, Memory<byte>.Empty);
        if (!more.IsCompleted) await Flush(context);
        await more;
    }

    private async Task<bool> Copy(Stream stream, HttpContext context)
    {
        var body = context.Response.BodyWriter;
        for (var left = expected ?? long.MaxValue; left > 0;)
        {
            if (_unsent > 0) await HasMore(stream, context);
            var count = await ReadSome(stream, body, left);
            if (count == 0) return EndsWithout(left);
            left -= count;
            if (_unsent >= WorthSending && !await Flush(context)) return false;
        }

        return await Flush(context); // Kestrel does not see to it at the end of a response with a stated length
    }

    // The memory asked for follows what comes at a time: many small pieces for a slow client must not hold a large block each.
    private async ValueTask<int> ReadSome(Stream stream, PipeWriter body, long left)
    {
        var memory = body.GetMemory((int)Math.Min(left, _size));
        if (memory.Length > left) memory = memory[..(int)left];
        var count = await Read(stream, memory);
        body.Advance(count);
        _unsent += count;
        _size = count >= memory.Length ? Math.Min(Most, _size * 2) : Math.Clamp(count * 2, Least, Most);
        return count;
    }

    /// <returns>False when the client has gone.</returns>
    private async ValueTask<bool> Flush(HttpContext context)
    {
        _unsent = 0;
        return !(await context.Response.BodyWriter.FlushAsync(context.RequestAborted)).IsCompleted;
    }

    private bool EndsWithout(long left) => expected is null ? false : throw new IncompleteContentException($"The content ended {left} bytes early.");

    private ValueTask<int> Read(Stream stream, Memory<byte> memory)
    {
        var read = stream.ReadAsync(memory, patience.Token);
        return read.IsCompletedSuccessfully ? read : Wait(read);
    }

    private async ValueTask<int> Wait(ValueTask<int> read)
    {
        try
        {
            if (!read.IsCompleted) patience.Begin(silence);
            return await read;
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw new IncompleteContentException(ContentFault.WriterFailed, new TimeoutException("The silo fell silent."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new IncompleteContentException(ContentFault.WriterFailed, e);
        }
        finally
        {
            patience.End();
        }
    }
}
