using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Layer4.Destinations;

/// <summary>One destination of a listener: where it is, how many connections it has, and whether it is up.</summary>
internal sealed class Destination(TcpDestination place, Verdict verdict)
{
    private int _open;

    public TcpDestination Place => place;

    public Verdict Verdict => verdict;

    public int Open => Volatile.Read(ref _open);

    /// <param name="nth">Which of the listener's ports the client came by.</param>
    public int Port(int nth) => place.Ports.Count == 1 ? place.Ports.First : place.Ports.First + nth;

    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);
}
