namespace Granary.Edge.Leases;

/// <summary>URIs that are not asked for again so soon, in bounded memory: those that fall together take each other's place, which costs a message.</summary>
internal sealed class Pauses(TimeProvider clock)
{
    private const int Count = 1 << 12;

    private readonly Pause?[] _pauses = new Pause?[Count];

    public bool Has(string uri) => Volatile.Read(ref _pauses[Place(uri)]) is { } pause && clock.GetTimestamp() < pause.Until && pause.Uri == uri;

    public void Add(string uri, TimeSpan span) => Volatile.Write(ref _pauses[Place(uri)], new Pause(uri, clock.GetTimestamp() + (long)(span.TotalSeconds * clock.TimestampFrequency)));

    private static int Place(string uri) => (int)((uint)uri.GetHashCode(StringComparison.Ordinal) % Count);

    private sealed record Pause(string Uri, long Until);
}
