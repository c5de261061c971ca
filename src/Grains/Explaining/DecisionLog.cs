using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Granary.Grains.Resources;
using Granary.Semantics.CacheStatus;

namespace Granary.Grains.Explaining;

/// <summary>
/// What was decided last for each of the keys that were asked for of late, for whoever asks why. Bounded, and on the way of every request: keys that fall together take each other's place, nothing is
/// allocated once a place is in use, and a key is known by eight bytes of it.
/// </summary>
public sealed class DecisionLog(TimeProvider clock)
{
    /// <summary>Decisions that are remembered of a key.</summary>
    public const int PerKey = 8;

    private const int Keys = 1 << 12;

    private readonly Place?[] _places = new Place?[Keys];

    /// <summary>Interim answers decide nothing yet.</summary>
    public void Note(string key, Answer answer)
    {
        if (StatusOf(answer) is { } status) Note(key, status);
    }

    public void Note(string key, CacheStatus status)
    {
        var hash = HashOf(key);
        ref var place = ref _places[hash % Keys];
        var here = Volatile.Read(ref place);
        if (here is null) here = Interlocked.CompareExchange(ref place, here = new Place(), null) ?? here;
        here.Add(hash, clock.GetTimestamp(), status);
    }

    /// <summary>Newest first.</summary>
    public ImmutableArray<ExplainedDecision> Of(string key)
    {
        var hash = HashOf(key);
        return Volatile.Read(ref _places[hash % Keys])?.Of(hash, clock) ?? [];
    }

    private static CacheStatus? StatusOf(Answer answer) => answer switch
    {
        Answer.Serve serve => serve.Status,
        Answer.ServeParts serve => serve.Status,
        Answer.Pass pass => new CacheStatus { Fwd = pass.Why, Detail = pass.Detail },
        Answer.Failed failed => new CacheStatus { Fwd = failed.Why, Collapsed = failed.Collapsed, Detail = failed.Error.Token },
        Answer.OnlyIfCached => new CacheStatus { Detail = "only-if-cached" },
        _ => null,
    };

    private static ulong HashOf(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));

    private sealed class Place
    {
        private readonly Lock _gate = new();
        private readonly (long At, CacheStatus? Status)[] _last = new (long, CacheStatus?)[PerKey];
        private ulong _hash;
        private long _count;

        public void Add(ulong hash, long at, CacheStatus status)
        {
            if (!_gate.TryEnter()) return; // somebody else's decision is told instead: a hot key waits for nobody
            if (_hash != hash) (_hash, _count) = (hash, 0);
            _last[_count++ % PerKey] = (at, status);
            _gate.Exit();
        }

        public ImmutableArray<ExplainedDecision> Of(ulong hash, TimeProvider clock)
        {
            lock (_gate)
            {
                if (_hash != hash) return [];
                var decisions = ImmutableArray.CreateBuilder<ExplainedDecision>(PerKey);
                for (var i = _count - 1; i >= Math.Max(0, _count - PerKey); i--)
                    decisions.Add(new ExplainedDecision(clock.GetElapsedTime(_last[i % PerKey].At), _last[i % PerKey].Status!));
                return decisions.ToImmutable();
            }
        }
    }
}
