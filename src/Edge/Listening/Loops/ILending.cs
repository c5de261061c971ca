namespace Granary.Edge.Listening.Loops;

/// <summary>
/// Lets stored bytes go to the socket from where they lie: the next memory that is asked of the connection's output is what was lent, to be advanced over and not written to. A feature of the connection, absent elsewhere.
/// </summary>
internal interface ILending
{
    /// <param name="bytes">They stay where they are until what is given to <see cref="Afterwards"/> is disposed of.</param>
    void Lend(ReadOnlyMemory<byte> bytes);

    /// <summary>Whoever asked for memory got other memory.</summary>
    void TakeBack();

    /// <summary>Disposes of it when all that was written before has been sent, or never will be.</summary>
    void Afterwards(IDisposable held);
}
