using System.Net;

namespace Granary.Grains.Origin;

/// <summary>The content of a passed answer, read at the pace an origin owes. Fields stay with the content that it wraps.</summary>
internal sealed class PacedContent(HttpContent content, ContentPace pace, Func<Task> onFirstWait) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new PacedReads(await content.ReadAsStreamAsync().ConfigureAwait(false), pace, onFirstWait);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException("It is read, not copied.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            pace.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class PacedReads(Stream inner, ContentPace pace, Func<Task> onFirstWait) : Stream
    {
        private bool _hasRead;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = pace.Read(inner, buffer, cancellationToken);
            if (_hasRead || read.IsCompleted)
            {
                _hasRead = true;
                return read;
            }

            _hasRead = true;
            return Wait(read);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private async ValueTask<int> Wait(ValueTask<int> read)
        {
            var first = read.AsTask(); // awaited even if the other fails: its memory is in use until then
            await Task.WhenAll(first, onFirstWait()).ConfigureAwait(false);
            return await first.ConfigureAwait(false);
        }
    }
}
