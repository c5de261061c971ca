using Granary.Grains.Store;
using Granary.Silo.Content;

namespace Granary.Edge.Delivery;

/// <summary>Bytes on their way to a client, wherever they lie.</summary>
internal abstract class Stretch : IAsyncDisposable
{
    /// <summary>Asks for them, where that takes time, and does not wait.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Makes sure of them before the head is written, while somebody may still look elsewhere.</summary>
    /// <returns>False when they are gone.</returns>
    public virtual ValueTask<bool> Open() => new(true);

    /// <exception cref="IncompleteContentException">They will never come, or not all of them.</exception>
    public abstract Task Send(HttpContext context);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Bytes that are here: text between ranges, or content that came inside the answer.</summary>
internal sealed class BytesAtHand(ReadOnlyMemory<byte> bytes) : Stretch
{
    public override Task Send(HttpContext context) => context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();

    public override ValueTask DisposeAsync() => default;
}

/// <summary>Bytes of content in the store of this process, held by a reader.</summary>
/// <param name="length">Null for all there will be.</param>
internal sealed class StoredStretch(ContentReader reader, long? length) : Stretch
{
    private bool _isLent;

    public override Task Send(HttpContext context)
    {
        var left = length ?? reader.Content.Length - reader.Position;
        if (left is not > LentContent.Copied || LentContent.LendingTo(context, reader) is not { } lending) return ContentSending.Send(reader, length, context);
        _isLent = true;
        return LentContent.Send(reader, left.Value, context, lending);
    }

    public override ValueTask DisposeAsync()
    {
        if (!_isLent) reader.Dispose();
        return default;
    }
}
