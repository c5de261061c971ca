namespace Granary.Edge.Layer4;

/// <summary>What a listener counts. Bytes are counted as they flow: a connection may last for days.</summary>
internal sealed class ListenerFigures(string listener)
{
    private long _open;
    private long _total;
    private long _bytesIn;
    private long _bytesOut;

    public string Listener => listener;

    public long Open => Volatile.Read(ref _open);

    public long Total => Volatile.Read(ref _total);

    public long BytesIn => Volatile.Read(ref _bytesIn);

    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <returns>How many are open with this one.</returns>
    public long Accepted()
    {
        Interlocked.Increment(ref _total);
        return Interlocked.Increment(ref _open);
    }

    public void Ended() => Interlocked.Decrement(ref _open);

    public void CameIn(long bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void WentOut(long bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
