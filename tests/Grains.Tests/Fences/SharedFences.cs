using System.Collections.Immutable;
using Granary.Grains.Fences;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Fences;

/// <summary>What Redis keeps, by the rules of its scripts.</summary>
internal sealed class SharedFences
{
    public const int MostEntries = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FenceState> _states = [];
    private readonly Dictionary<string, List<MissedEntry>> _missed = [];

    /// <summary>Who cannot reach it.</summary>
    public HashSet<Silo> IsAwayFrom { get; } = [];

    public ImmutableDictionary<string, FenceState> States
    {
        get
        {
            lock (_gate) return _states.ToImmutableDictionary();
        }
    }

    /// <summary>FLUSHALL.</summary>
    public void LosesAll()
    {
        lock (_gate)
        {
            _states.Clear();
            _missed.Clear();
        }
    }

    /// <summary>As Redis may, when it is told to make room.</summary>
    public void Evicts(Silo silo)
    {
        lock (_gate) _missed.Remove(silo.Fellow.Address.ToString());
    }

    public void Register(string silo, string life)
    {
        lock (_gate)
        {
            _missed.Remove(silo);
            _states[silo] = new FenceState(life, 0, 0);
        }
    }

    public FenceState? Add(string silo, ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(silo, out var state)) return null;
            _states[silo] = state = state with { Written = state.Written + 1 };
            if (!_missed.TryGetValue(silo, out var entries)) _missed[silo] = entries = [];
            var isFull = entries.Count >= MostEntries;
            if (isFull) entries.Clear();
            entries.Add(new MissedEntry(state.Written, isFull ? default : bytes));
            return state;
        }
    }

    public ImmutableArray<MissedEntry> Missed(string silo)
    {
        lock (_gate) return [.. _missed.GetValueOrDefault(silo, [])];
    }

    public bool Heard(string silo, string life, long upTo)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(silo, out var state) || state.Life != life) return false;
            _states[silo] = state with { Heard = Math.Max(state.Heard, upTo) };
            _missed.GetValueOrDefault(silo, []).RemoveAll(entry => entry.Number <= upTo);
            return true;
        }
    }

    public void Remove(IEnumerable<string> silos)
    {
        lock (_gate)
            foreach (var silo in silos)
            {
                _states.Remove(silo);
                _missed.Remove(silo);
            }
    }
}

/// <summary>As one silo reaches it; each call meets the test before and after.</summary>
internal sealed class FencesOf(Silo silo) : IFences
{
    private SharedFences Redis => silo.Cluster.Redis;

    public Task<FenceReading> Read(CancellationToken cancellationToken) => Do("Read", () =>
    {
        var cluster = silo.Cluster;
        var dead = cluster.Gone.Select(static gone => gone.ToString()).ToHashSet();
        return new FenceReading(cluster.Members.Select(static member => member.Fellow.Address.ToString()).Concat(dead).ToHashSet(), dead, Redis.States);
    });

    public Task Register(string name, string life, CancellationToken cancellationToken) => Do("Register", () =>
    {
        Redis.Register(name, life);
        return true;
    });

    public Task<FenceState?> Add(string name, ReadOnlyMemory<byte> missed, CancellationToken cancellationToken) => Do("Add", () => Redis.Add(name, missed));

    public Task<FenceState?> StateOf(string name, CancellationToken cancellationToken) => Do("StateOf", () => Redis.States.TryGetValue(name, out var state) ? state : (FenceState?)null);

    public Task<ImmutableArray<MissedEntry>> Missed(string name, CancellationToken cancellationToken) => Do("Missed", () => Redis.Missed(name));

    public Task<bool> Heard(string name, string life, long upTo, CancellationToken cancellationToken) => Do("Heard", () => Redis.Heard(name, life, upTo));

    public Task Remove(IEnumerable<string> silos, CancellationToken cancellationToken) => Do("Remove", () =>
    {
        Redis.Remove(silos);
        return true;
    });

    private async Task<T> Do<T>(string what, Func<T> step)
    {
        await silo.Cluster.Meets(new Step(what, silo));
        if (Redis.IsAwayFrom.Contains(silo)) throw new IOException("Redis is away.");
        var said = step();
        await silo.Cluster.Meets(new Step(what + " done", silo));
        return Redis.IsAwayFrom.Contains(silo) ? throw new IOException("Redis is away.") : said;
    }
}
