using System.IO.Pipelines;
using Granary.Edge.Rules.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Policy.Bandwidth;

/// <summary>The content of a response, at its client's pace. What the server's own writer has taken stays there, so nothing is lost where nobody flushes.</summary>
internal sealed class PacedBody : IHttpResponseBodyFeature
{
    private readonly IHttpResponseBodyFeature _inner;

    private PacedBody(IHttpResponseBodyFeature inner, Pace pace, CancellationToken gone)
    {
        _inner = inner;
        var writer = new PacedWriter(inner.Writer, pace, gone);
        (Writer, Stream) = (writer, new PacedStream(inner.Stream, writer));
    }

    public Stream Stream { get; }

    public PipeWriter Writer { get; }

    /// <summary>All that is written from now on goes at that pace.</summary>
    public static void Install(HttpContext context, Pace pace) =>
        context.Features.Set<IHttpResponseBodyFeature>(new PacedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), pace, context.RequestAborted));

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();

    public void DisableBuffering() => _inner.DisableBuffering();

    private sealed class PacedStream(Stream inner, PacedWriter writer) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException("A response is not written synchronously.");

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await writer.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException("A response is not written synchronously.");
    }

    private sealed class PacedWriter(PipeWriter inner, Pace pace, CancellationToken gone) : PipeWriter
    {
        private int _unpaced;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            inner.Advance(bytes);
            _unpaced += bytes;
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await Pay(cancellationToken);
            return await inner.FlushAsync(cancellationToken);
        }

        public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            await Pay(cancellationToken);
            var result = default(FlushResult);
            while (!source.IsEmpty && !result.IsCompleted && !result.IsCanceled)
            {
                var piece = Math.Min(source.Length, pace.Piece);
                await pace.Wait(piece, cancellationToken.CanBeCanceled ? cancellationToken : gone);
                result = await inner.WriteAsync(source[..piece], cancellationToken);
                source = source[piece..];
            }

            return result;
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private ValueTask Pay(CancellationToken cancellationToken)
        {
            var bytes = _unpaced;
            _unpaced = 0;
            return bytes == 0 ? default : pace.Wait(bytes, cancellationToken.CanBeCanceled ? cancellationToken : gone);
        }
    }
}
