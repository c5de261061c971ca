using Granary.Edge.Leases.Segments;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>Finds the content of answers: inside the answer, in the store of this process, or at the silo that has it.</summary>
/// <param name="store">That of the silo in this process, or of leased copies; null if there is neither.</param>
/// <param name="silos">Null in one process.</param>
/// <param name="segments">Null where there are no leased copies.</param>
internal sealed class Contents(ResponseStore? store, SiloContent? silos, SegmentStore? segments = null)
{
    /// <returns>Null when it is gone.</returns>
    public FoundContent? Find(Answer.Serve answer)
    {
        if (answer.Inline is { IsHere: true } inline) return new FoundContent(this, answer.Content, inline, null);
        if (answer.Inline is { IsGone: true }) return null;
        if (answer.Content.Endpoint is not null) return silos is null ? null : new FoundContent(this, answer.Content, null, null);
        return Open(answer.Content.Id, 0) is { } reader ? new FoundContent(this, answer.Content, null, reader) : null;
    }

    /// <param name="length">Null for all there will be.</param>
    /// <returns>Null when it is gone; bytes at another silo tell that when they are opened.</returns>
    public Stretch? Cut(ContentAddress content, long offset, long? length, CancellationToken clientGone)
    {
        if ((length ?? content.Length - offset) == 0) return new BytesAtHand(default);
        if (content.Endpoint is not null) return silos is null ? null : AtSilo(silos, content, offset, length, clientGone);
        return Open(content.Id, offset) is { } reader ? new StoredStretch(reader, length) : null;
    }

    private Stretch AtSilo(SiloContent silos, ContentAddress content, long offset, long? length, CancellationToken clientGone) => segments?.Of(content) is { } leased
        ? new SegmentedStretch(segments, silos, leased, offset, length is { } count ? offset + count : leased.Length, clientGone)
        : new SiloStretch(silos, content, offset, length, clientGone);

    /// <summary>Opens content at a silo and reads nothing of it: its writer no longer waits for us.</summary>
    public async ValueTask LetGo(ContentAddress content, CancellationToken clientGone)
    {
        if (silos is null) return;
        await using var nothing = new SiloStretch(silos, content, 0, 0, clientGone);
        await nothing.Open();
    }

    private ContentReader? Open(long id, long offset)
    {
        ContentReader? reader = null;
        return store?.TryOpen(id, offset, out reader) == true ? reader : null;
    }
}
