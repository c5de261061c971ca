using Granary.Grains.Store;

namespace Granary.Silo.Content;

/// <summary>
/// Ends the reading of an edge that takes nothing of what is there. An edge reads as slowly as its own slowest client and its limits cut that client, so no rate is
/// asked of it here; what this is for is an edge that was lost without a word and would keep content from eviction until TCP gives up.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    /// <summary>It is noticed between one and two of these. A client at the slowest rate the edge allows by default empties a window of 64 KiB in 4.5 minutes.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(6);

    private readonly ContentReader _reader;
    private readonly HttpContext _context;
    private readonly ITimer _timer;
    private long _position;

    public StallWatch(ContentReader reader, HttpContext context, TimeProvider clock)
    {
        (_reader, _context, _position) = (reader, context, reader.Position);
        _timer = clock.CreateTimer(static watch => ((StallWatch)watch!).Look(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var position = _reader.Position;
        if (position == _position && _reader.Content.Arrived > position) _context.Abort();
        _position = position;
    }
}
