using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Rules.Compression;

/// <summary>
/// Stands in the way of a response's content and codes what is written. What was written is with the client after a flush; a content that breaks is never finished,
/// so what came of it does not look whole (P4).
/// </summary>
internal sealed class CodedBody : IHttpResponseBodyFeature, IDisposable
{
    private readonly IHttpResponseBodyFeature _inner;
    private readonly Encoder _encoder;
    private readonly Action _ended;
    private readonly CodedStream _stream;
    private readonly CodedWriter _writer;
    private bool _isOver;

    /// <param name="flushesEach">Each write is flushed: nobody tells when the writer waits for more.</param>
    /// <param name="ended">Called once, at the end of it.</param>
    public CodedBody(IHttpResponseBodyFeature inner, ContentCoding coding, bool flushesEach, Action ended)
    {
        (_inner, _ended) = (inner, ended);
        var coded = new ArrayBufferWriter<byte>();
        _encoder = coding.EncoderTo(coded, isKept: false);
        _writer = new CodedWriter(_encoder, coded, inner.Writer, flushesEach);
        _stream = new CodedStream(_writer);
    }

    public Stream Stream => _stream;

    public PipeWriter Writer => _writer;

    /// <summary>All that is written from now on is coded.</summary>
    public static CodedBody Install(HttpContext context, ContentCoding coding, bool flushesEach, Action ended)
    {
        var body = new CodedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), coding, flushesEach, ended);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        context.Response.RegisterForDispose(body);
        return body;
    }

    /// <summary>The content is whole.</summary>
    public static ValueTask Finish(HttpContext context) =>
        context.Features.Get<IHttpResponseBodyFeature>() is CodedBody body ? body.Finish(context, context.RequestAborted) : default;

    /// <summary>The content is not whole and never will be. What comes instead is not coded.</summary>
    public static void GiveUp(HttpContext context)
    {
        if (context.Features.Get<IHttpResponseBodyFeature>() is CodedBody body) body.End(context);
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();

    public void DisableBuffering() => _inner.DisableBuffering();

    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        _writer.Close();
        _encoder.Dispose();
        _ended();
    }

    private async ValueTask Finish(HttpContext context, CancellationToken cancellationToken)
    {
        if (_isOver) return;
        _encoder.Finish();
        await _writer.Push(cancellationToken);
        End(context);
    }

    private void End(HttpContext context)
    {
        context.Features.Set(_inner);
        Dispose();
    }
}

/// <summary>The coded content as a stream.</summary>
internal sealed class CodedStream(CodedWriter writer) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException("A response is not written synchronously.");

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await writer.WriteAsync(buffer, cancellationToken);

    public override async Task FlushAsync(CancellationToken cancellationToken) => await writer.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("A response is not written synchronously.");
}

/// <summary>
/// The coded content as a pipe. Writes are coded at once, and the response gets what came of it at a flush, or when so much has gathered: until then nothing of it is begun, and an error
/// may still be answered in its place.
/// </summary>
internal sealed class CodedWriter(Encoder encoder, ArrayBufferWriter<byte> coded, PipeWriter inner, bool flushesEach) : PipeWriter
{
    private const int Least = 16 << 10;

    private byte[] _buffer = [];
    private int _sinceFlush;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _sinceFlush;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1)) Rent(Math.Max(sizeHint, Least));
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => Code(_buffer.AsSpan(0, bytes));

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_sinceFlush > 0) encoder.Flush();
        _sinceFlush = 0;
        return Push(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Code(source.Span);
        if (flushesEach) return FlushAsync(cancellationToken);
        return coded.WrittenCount < Least ? new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false)) : Push(cancellationToken);
    }

    /// <summary>Hands on what the coding has let go of, at the client's pace.</summary>
    public async ValueTask<FlushResult> Push(CancellationToken cancellationToken)
    {
        if (coded.WrittenCount == 0) return await inner.FlushAsync(cancellationToken);
        var flushed = await inner.WriteAsync(coded.WrittenMemory, cancellationToken);
        coded.ResetWrittenCount();
        return flushed;
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Gives its memory back.</summary>
    public void Close()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Code(ReadOnlySpan<byte> bytes)
    {
        encoder.Write(bytes);
        _sinceFlush += bytes.Length;
    }

    private void Rent(int size)
    {
        Close();
        _buffer = ArrayPool<byte>.Shared.Rent(size);
    }
}
