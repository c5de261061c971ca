using System.IO.Pipelines;
using Granary.Edge.Rules.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.AccessLog;

/// <summary>Counts the content of a response as it goes to the client.</summary>
internal sealed class CountedBody : IHttpResponseBodyFeature
{
    private readonly IHttpResponseBodyFeature _inner;
    private CountedStream? _stream;
    private CountedWriter? _writer;
    private long _bytes;

    private CountedBody(IHttpResponseBodyFeature inner) => _inner = inner;

    public long Bytes => _bytes;

    public Stream Stream => _stream ??= new CountedStream(this);

    public PipeWriter Writer => _writer ??= new CountedWriter(this);

    public static CountedBody Install(HttpContext context)
    {
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        return body;
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    private sealed class CountedStream(CountedBody body) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            body._inner.Stream.Write(buffer);
            body._bytes += buffer.Length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            body._bytes += buffer.Length;
            return body._inner.Stream.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => body._inner.Stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => body._inner.Stream.FlushAsync(cancellationToken);
    }

    private sealed class CountedWriter(CountedBody body) : PipeWriter
    {
        private PipeWriter Inner => body._inner.Writer;

        public override bool CanGetUnflushedBytes => Inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => Inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            body._bytes += bytes;
            Inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => Inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            body._bytes += source.Length;
            return Inner.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => Inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => Inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => Inner.CompleteAsync(exception);
    }
}
