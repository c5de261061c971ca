using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>The content of one answer, found but not read yet. Content in this process is held meanwhile by a reader at its first byte.</summary>
internal sealed class FoundContent(Contents contents, ContentAddress address, InlineContent? inline, ContentReader? held) : IDisposable
{
    private ContentReader? _held = held;

    /// <summary>Complete length, null while it is not known.</summary>
    public long? Length { get; } = inline?.Bytes.Length ?? (held is null ? address.Length : held.Content.Length);

    /// <returns>Null when it is gone.</returns>
    public Stretch? Cut(Part part, CancellationToken clientGone)
    {
        if (!part.Text.IsEmpty) return new BytesAtHand(part.Text);
        if (inline is not null) return new BytesAtHand(inline.Bytes.Slice((int)part.Offset, (int)(part.Length ?? inline.Bytes.Length - part.Offset)));
        if (_held is not { } reader || part.Offset > 0) return contents.Cut(address, part.Offset, part.Length, clientGone);
        _held = null;
        return new StoredStretch(reader, part.Length);
    }

    /// <summary>Nobody will read it. In this process <see cref="Dispose"/> says so; a silo may be keeping it for us alone and is told.</summary>
    public ValueTask LetGo(CancellationToken clientGone) => inline is null && _held is null ? contents.LetGo(address, clientGone) : default;

    public void Dispose() => _held?.Dispose();
}
