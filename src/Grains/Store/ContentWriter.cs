namespace Granary.Grains.Store;

/// <summary>
/// The one writer of a content; not for use by several at once. Memory it gave may be written to until the next call, so a read into it must
/// have ended before <see cref="Fail"/> or <see cref="Dispose"/>. Whoever has it disposes it: a content neither completed nor failed
/// by then is abandoned, which its readers see as incomplete.
/// </summary>
public sealed class ContentWriter : IDisposable
{
    private readonly ResponseStore _store;

    internal ContentWriter(ResponseStore store, Content content) => (_store, Content) = (store, content);

    public Content Content { get; }

    /// <summary>Cancelled when it makes no sense to go on: nothing is kept and all readers have left, nobody ever came, or the store shut.</summary>
    public CancellationToken ReadersGone => Content.ReadersGone;

    /// <summary>
    /// The next free part of a segment. Empty when only <see cref="GetMemoryAsync"/> can tell when there is one. After all of a declared
    /// length it is a place for surplus: to advance there fails the content.
    /// </summary>
    /// <exception cref="IncompleteContentException">The content has failed.</exception>
    public Memory<byte> GetMemory() => Content.NextMemory();

    /// <summary>As <see cref="GetMemory"/>, but waits until readers have made place or the store has room. Never empty.</summary>
    /// <exception cref="IncompleteContentException">The content has failed, also while waiting.</exception>
    public ValueTask<Memory<byte>> GetMemoryAsync(CancellationToken cancellationToken = default)
    {
        var memory = Content.NextMemory();
        return memory.IsEmpty ? WaitForMemoryAsync(cancellationToken) : new ValueTask<Memory<byte>>(memory);
    }

    /// <summary>Publishes the next bytes of the memory given and wakes readers.</summary>
    public void Advance(int bytes) => Content.Publish(bytes);

    /// <summary>Everything has come. Fewer bytes than declared fail the content.</summary>
    public void Complete() => Content.Complete();

    /// <summary>No more will come and the content is not whole.</summary>
    public void Fail(Exception? cause = null) => Content.Fail(ContentFault.WriterFailed, cause);

    /// <summary>From now on nothing is kept behind the slowest reader; what cannot be stored needs no more.</summary>
    public void SwitchToWindowed() => Content.SwitchToWindowed();

    public void Dispose() => Content.Fail(ContentFault.Abandoned);

    private async ValueTask<Memory<byte>> WaitForMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var change = Content.BeginWriterWait();
                var memory = Content.NextMemory(); // again: what came before the wait began woke nobody
                if (!memory.IsEmpty) return memory;
                if (Content.LacksRoom && _store.QueueForRoom(Content)) continue;
                await change.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Content.WakeWriter();
            _store.MayHaveRoom(); // a wake-up meant for the next in the queue may have ended here
        }
    }
}
