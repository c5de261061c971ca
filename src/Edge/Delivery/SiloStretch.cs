using System.IO.Pipelines;
using System.Net;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>
/// Bytes of content at a silo, read over its content port: (1) ask for them  (2) let the head out if they have not come yet  (3) read from the socket straight into the
/// response, as much as came.
/// </summary>
/// <param name="length">Null for all there will be.</param>
internal sealed class SiloStretch(SiloContent silos, ContentAddress content, long offset, long? length, CancellationToken clientGone) : Stretch
{
    private const int Least = 4 << 10;
    private const int Most = 64 << 10;

    private readonly long? _expected = length ?? content.Length - offset;
    private readonly Patience _patience = silos.NewPatience(clientGone);
    private Task<bool>? _opened;
    private HttpResponseMessage? _response;
    private bool _isDisposed;

    public override void Begin() => _opened ??= Ask();

    public override ValueTask<bool> Open() => new(_opened ??= Ask());

    public override async Task Send(HttpContext context)
    {
        if (_response is not { IsSuccessStatusCode: true } response) throw new IncompleteContentException("The content broke before it began.");
        await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var body = context.Response.BodyWriter;
        if (_expected == 0) return;
        await FirstBytes(stream, context);
        if (await Copy(stream, body, context.RequestAborted) && response.Content.Headers.ContentLength is null) await Read(stream, new byte[1]); // the last chunk: the connection may be used again
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_opened is { IsCompleted: false } opening)
        {
            _patience.GiveUp();
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _response?.Dispose();
        _patience.Dispose();
    }

    private async Task<bool> Ask() // (1)
    {
        try
        {
            _patience.Begin(silos.Options.HeadTimeout);
            _response = await silos.Ask(content, offset, length, _patience.Token);
            _patience.End();
            return _response.StatusCode == HttpStatusCode.BadGateway || (_response.StatusCode == HttpStatusCode.OK && IsAsExpected(_response));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !clientGone.IsCancellationRequested))
        {
            return false;
        }
    }

    // Not the bytes that the answer's head was made for: whatever it is, it is not our content (P4).
    private bool IsAsExpected(HttpResponseMessage response) =>
        _expected is null || response.Content.Headers.ContentLength is not { } stated || stated == _expected;

    // (2) An empty read ends when there is something to read, and touches no memory of the response, so that meanwhile it can be flushed.
    private async Task FirstBytes(Stream stream, HttpContext context)
    {
        var first = stream.ReadAsync(Memory<byte>.Empty, _patience.Token);
        if (!first.IsCompleted) await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        await Wait(first);
        await context.Response.StartAsync(context.RequestAborted); // before that Kestrel gives memory that it copies from
    }

    // (3) The memory asked for grows with what comes at a time: many small pieces for a slow client must not hold a large block each.
    private async Task<bool> Copy(Stream stream, PipeWriter body, CancellationToken aborted)
    {
        var size = Least;
        for (var left = _expected ?? long.MaxValue; left > 0;)
        {
            var memory = body.GetMemory((int)Math.Min(left, size));
            if (memory.Length > left) memory = memory[..(int)left];
            var count = await Read(stream, memory);
            if (count == 0) return IsWholeWithout(left);
            body.Advance(count);
            left -= count;
            size = count >= memory.Length ? Math.Min(Most, size * 2) : Math.Clamp(count * 2, Least, size);
            if ((await body.FlushAsync(aborted)).IsCompleted) return false; // the client has gone
        }

        return true;
    }

    private bool IsWholeWithout(long left) =>
        _expected is null ? false : throw new IncompleteContentException($"The content ended {left} bytes early.");

    private ValueTask<int> Read(Stream stream, Memory<byte> memory)
    {
        var read = stream.ReadAsync(memory, _patience.Token);
        return read.IsCompletedSuccessfully ? read : Wait(read);
    }

    private async ValueTask<int> Wait(ValueTask<int> read)
    {
        try
        {
            if (!read.IsCompleted) _patience.Begin(silos.Options.Silence);
            return await read;
        }
        catch (OperationCanceledException) when (_patience.IsOver)
        {
            throw new IncompleteContentException(ContentFault.WriterFailed, new TimeoutException("The silo fell silent."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new IncompleteContentException(ContentFault.WriterFailed, e);
        }
        finally
        {
            _patience.End();
        }
    }
}
