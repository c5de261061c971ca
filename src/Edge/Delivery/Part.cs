using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Delivery;

/// <summary>A piece of a response's content: bytes of the stored content, or text that stands between ranges.</summary>
internal readonly record struct Part(long Offset, long? Length, ReadOnlyMemory<byte> Text)
{
    public static Part OfContent(long offset, long? length) => new(offset, length, default);

    public static Part OfText(ReadOnlyMemory<byte> text) => new(0, 0, text);
}
