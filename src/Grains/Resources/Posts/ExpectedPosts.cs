using System.Collections.Concurrent;
using Granary.Grains.Groups;

namespace Granary.Grains.Resources.Posts;

/// <summary>
/// The order of POSTs and invalidations (P2). A POST invalidates its own target, so its response is stored only if that is the one invalidation since it was sent:
/// before the edge is promised to be heard, by how long nothing else was invalidated; from then on, by a ticket that any invalidation outdates.
/// </summary>
/// <remarks>
/// Bounded. What was forgotten counts as invalidated at the time of forgetting, and so does everything before this silo was there: that costs a hit.
/// </remarks>
internal sealed class ExpectedPosts(GroupEpochs epochs, TimeProvider clock, int capacity = 10_000)
{
    private static readonly TimeSpan TicketLasts = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<long, Expected> _expected = new();
    private Dictionary<string, Invalidated> _younger = new(StringComparer.Ordinal);
    private Dictionary<string, Invalidated> _older = new(StringComparer.Ordinal);
    private long _forgotten = clock.GetTimestamp();
    private long _rotated = clock.GetTimestamp();
    private long _ticket;

    /// <summary>Afterwards no POST that is expected is stored, nor one that was sent before and is not the cause.</summary>
    public void Outdate(string uri)
    {
        lock (_gate)
        {
            var last = (_younger.TryGetValue(uri, out var known) || _older.TryGetValue(uri, out known)) ? known.Last : _forgotten;
            if (_younger.Count >= capacity && !_younger.ContainsKey(uri)) Rotate_NeedsLock();
            _younger[uri] = new Invalidated(clock.GetTimestamp(), last);
            foreach (var (ticket, expected) in _expected)
                if (expected.Uri == uri || clock.GetElapsedTime(expected.Since) > TicketLasts) _expected.TryRemove(ticket, out _);
        }
    }

    /// <returns>Null if nothing is remembered of an invalidation, as that of the POST itself must be.</returns>
    public PostExpected? Expect(string uri)
    {
        lock (_gate)
        {
            if ((!_younger.TryGetValue(uri, out var known) && !_older.TryGetValue(uri, out known)) || _expected.Count >= capacity) return null;
            var expected = new Expected(uri, clock.GetTimestamp(), epochs.Version);
            _expected[++_ticket] = expected;
            var quiet = clock.GetElapsedTime(known.Before);
            var groups = clock.GetElapsedTime(epochs.ChangedAt);
            return new PostExpected(_ticket, quiet < groups ? quiet : groups);
        }
    }

    public bool Holds(long ticket, string uri) =>
        _expected.TryGetValue(ticket, out var expected) && expected.Uri == uri && expected.Version == epochs.Version && clock.GetElapsedTime(expected.Since) <= TicketLasts;

    public void Close(long ticket) => _expected.TryRemove(ticket, out _);

    private void Rotate_NeedsLock()
    {
        (_older, _younger) = (_younger, new Dictionary<string, Invalidated>(StringComparer.Ordinal));
        (_forgotten, _rotated) = (_rotated, clock.GetTimestamp());
    }

    /// <param name="Before">The one before the last.</param>
    private readonly record struct Invalidated(long Last, long Before);

    private sealed record Expected(string Uri, long Since, long Version);
}
