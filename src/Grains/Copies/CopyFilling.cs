using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>Reads the content of a copy from the silo that has it into a content here. On any damage its readers see a cut, and it takes itself out of the store (P4).</summary>
internal sealed class CopyFilling(IContentPort port, TimeProvider clock, ILogger<CopyFilling> logger)
{
    /// <summary>A content that still arrives there may come as slowly as its origin; not more slowly than this between two bytes.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ToOpen = TimeSpan.FromSeconds(5);

    /// <returns>Null if it is gone or cannot be had.</returns>
    public async Task<Stream?> Open(StoredCopy copy)
    {
        if (copy.Inline is { } bytes) return new MemoryStream(bytes, writable: false);
        try
        {
            using var late = new CancellationTokenSource(ToOpen, clock);
            return await port.Open(copy.Content, 0, late.Token);
        }
        catch (Exception broken) when (IsOfTheWay(broken))
        {
            logger.CopyBroke(copy.Uri, broken);
            return null;
        }
    }

    /// <returns>Whether all of it has come.</returns>
    public async Task<bool> Fill(ContentWriter writer, Stream source, uint? checksum)
    {
        try
        {
            using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
            while (await Read(writer, source, idle) is var count and > 0) writer.Advance(count);
            if (writer.Content.IsRetained && checksum is { } sum && sum != writer.Content.ChecksumSoFar) throw new InvalidDataException("The checksum differs.");
            writer.Complete();
            return writer.Content is { State: ContentState.Complete, IsRetained: true };
        }
        catch (Exception broken) when (IsOfTheWay(broken))
        {
            writer.Fail(broken);
            return false;
        }
    }

    private static async ValueTask<int> Read(ContentWriter writer, Stream source, CancellationTokenSource idle)
    {
        idle.CancelAfter(Idle);
        return await source.ReadAsync(await writer.GetMemoryAsync(idle.Token), idle.Token);
    }

    private static bool IsOfTheWay(Exception broken) =>
        broken is HttpRequestException or IOException or OperationCanceledException or IncompleteContentException or ObjectDisposedException or InvalidDataException or UriFormatException;
}
