using Granary.Grains.Copies;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Tests.Copies;

/// <summary>Reads the stores of the other silos directly; a silo that dies cuts what is being read.</summary>
internal sealed class ContentPortAt(Silo self) : IContentPort
{
    public async Task<Stream?> Open(ContentAddress content, long from, CancellationToken cancellationToken)
    {
        var silo = self.Cluster.Members.Single(silo => silo.Endpoint == content.Endpoint);
        await self.Cluster.Meets(new Step("Open", silo));
        if (self.Cluster.Dead.Contains(silo)) throw new HttpRequestException("No route to host.");
        return silo.Store.TryOpen(content.Id, from, out var reader) ? new Reading(silo, reader) : null;
    }

    private sealed class Reading(Silo silo, ContentReader reader) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await silo.Cluster.Meets(new Step("Read", silo));
            if (silo.Cluster.Dead.Contains(silo)) throw new IOException("Connection reset by peer.");
            var bytes = await reader.ReadAsync(cancellationToken);
            var count = Math.Min(buffer.Length, bytes.Length);
            bytes[..count].CopyTo(buffer);
            reader.Advance(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) reader.Dispose();
            base.Dispose(disposing);
        }
    }
}
