namespace Granary.Edge.Listening.Loops;

/// <summary>
/// Lets stored bytes go to the socket from where they lie: the next memory that is asked of the connection's output is what was lent, to be advanced over and not written to. A feature of the connection, absent elsewhere.
/// </summary>
internal interface ILending
{
    /// <param name="whenSent">Disposed of when the kernel has them, or they never will be sent; null for nothing.</param>
    void Lend(ReadOnlyMemory<byte> bytes, IDisposable? whenSent);

    /// <summary>Whoever asked for memory got other memory.</summary>
    void TakeBack();
}
