using System.Collections.Concurrent;
using Granary.Silo.Configuration;

namespace Granary.Edge.Rules.Limits;

/// <summary>
/// One limit, with a share for each client. There are at most so many shares: when there is no room, those of clients at rest go, and where none rests newcomers have one share together. So
/// an attacker with many addresses costs neither memory nor those who were there before.
/// </summary>
internal sealed class RateLimit(RateLimitSettings settings, TimeProvider clock, int most = RateLimit.MostClients)
{
    public const int MostClients = 100_000;

    private readonly long _begun = clock.GetTimestamp();
    private readonly Counting _counting = Counting.Of(settings, clock.TimestampFrequency);
    private readonly ConcurrentDictionary<ClientKey, Share> _shares = new();
    private readonly Share _newcomers = new();
    private int _count;
    private long _sweptAt = long.MinValue;
    private int _isSweeping;

    public RateLimitSettings Settings => settings;

    /// <summary>Clients that have a share of their own.</summary>
    public int Clients => Volatile.Read(ref _count);

    private long Now => clock.GetTimestamp() - _begun;

    public Permit Take(ClientKey client)
    {
        if (settings.For is RateLimitFor.All) client = ClientKey.Everybody;
        while (true)
        {
            var share = ShareOf(client);
            lock (share)
            {
                if (share.IsGone) continue;
                var wait = _counting.Take_NeedsLock(share, Now);
                return wait is { } ticks ? Permit.Refused(Seconds(ticks)) : Permit.Granted(settings.Kind is RateLimitKind.Concurrency ? this : null, share);
            }
        }
    }

    public void GiveBack(Share share)
    {
        lock (share) _counting.GiveBack_NeedsLock(share);
    }

    private int Seconds(long ticks) => (int)Math.Clamp(Math.Ceiling((double)ticks / clock.TimestampFrequency), 1, 24 * 60 * 60);

    private Share ShareOf(ClientKey client)
    {
        if (_shares.TryGetValue(client, out var known)) return known;
        if (Clients >= most && !MakeRoom()) return _newcomers;
        var made = new Share();
        var share = _shares.GetOrAdd(client, made);
        if (ReferenceEquals(share, made)) Interlocked.Increment(ref _count);
        return share;
    }

    // Once a second at most, and by one thread: looking through all costs milliseconds.
    private bool MakeRoom()
    {
        var now = Now;
        if (now < Volatile.Read(ref _sweptAt) || Interlocked.Exchange(ref _isSweeping, 1) == 1) return false;
        foreach (var (client, share) in _shares)
            if (Retire(share, now) && _shares.TryRemove(client, out _)) Interlocked.Decrement(ref _count);
        Volatile.Write(ref _sweptAt, now + clock.TimestampFrequency);
        Volatile.Write(ref _isSweeping, 0);
        return Clients < most;
    }

    private bool Retire(Share share, long now)
    {
        lock (share) return share.IsGone = _counting.IsIdle_NeedsLock(share, now);
    }
}

/// <summary>What came of asking for a permit. Disposed when the request has ended.</summary>
/// <param name="RetryAfter">Seconds; null where it was granted.</param>
internal readonly record struct Permit(RateLimit? Limit, Share? Share, int? RetryAfter) : IDisposable
{
    public static Permit Refused(int seconds) => new(null, null, seconds);

    /// <param name="limit">Null where nothing has to be given back.</param>
    public static Permit Granted(RateLimit? limit, Share share) => new(limit, limit is null ? null : share, null);

    public void Dispose() => Limit?.GiveBack(Share!);
}
