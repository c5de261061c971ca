using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Store;

/// <summary>What knows its own key, so that a table of it needs nothing beside.</summary>
internal interface IKeyed<in TKey>
{
    bool Has(TKey key);

    /// <summary>Seeded in each process where anybody outside can choose keys: else they could choose ones that meet.</summary>
    int Hash { get; }
}

/// <summary>
/// Finds things by a key that they have themselves: a table of nothing but references, since a node for each is a good part of what a small stored response costs.
/// <para>
/// <b>How.</b> Open addressing with linear probing (Knuth, TAOCP 3, §6.4, algorithm L), in shards so that growing holds up few and not for long. What is removed leaves a stone in its place, which the next newcomer takes; a place is only
/// ever emptied by a new table. So a search that goes on while others come and go finds what was there before it began and is there still.
/// </para>
/// <b>Locks.</b> Searching takes none; adding and removing take that of one shard. Not more than three quarters of the places are taken, stones counted.
/// </summary>
internal sealed class LookUp<TKey, T> where T : class, IKeyed<TKey>
{
    private const int Shards = 64;
    private const int Least = 8;

    private static readonly object Stone = new();

    private readonly Shard[] _shards = new Shard[Shards];
    private readonly Func<TKey, int> _hash;
    private int _count;

    /// <param name="hash">As <see cref="IKeyed{TKey}.Hash"/> has it.</param>
    public LookUp(Func<TKey, int> hash)
    {
        _hash = hash;
        for (var i = 0; i < Shards; i++) _shards[i] = new Shard();
    }

    public int Count => Volatile.Read(ref _count);

    public T? Find(TKey key)
    {
        var hash = Spread(_hash(key));
        var places = Volatile.Read(ref _shards[hash >> 26].Places);
        for (var at = hash & (uint)(places.Length - 1); ; at = at + 1 & (uint)(places.Length - 1))
        {
            var found = Volatile.Read(ref places[at]);
            if (found is null) return null;
            if (found is T it && it.Has(key)) return it;
        }
    }

    public bool TryFind(TKey key, [NotNullWhen(true)] out T? found) => (found = Find(key)) is not null;

    /// <summary>There must be none with that key.</summary>
    public void Add(T it)
    {
        var hash = Spread(it.Hash);
        var shard = _shards[hash >> 26];
        lock (shard)
        {
            if ((shard.Taken + 1) * 4 > shard.Places.Length * 3) shard.Renew();
            if (Put(shard.Places, hash, it)) shard.Taken++;
            shard.Living++;
        }

        Interlocked.Increment(ref _count);
    }

    /// <returns>False if it was not there.</returns>
    public bool Remove(T it)
    {
        var hash = Spread(it.Hash);
        var shard = _shards[hash >> 26];
        lock (shard)
        {
            var places = shard.Places;
            for (var at = hash & (uint)(places.Length - 1); places[at] is { } found; at = at + 1 & (uint)(places.Length - 1))
            {
                if (!ReferenceEquals(found, it)) continue;
                Volatile.Write(ref places[at], Stone);
                shard.Living--;
                Interlocked.Decrement(ref _count);
                return true;
            }
        }

        return false;
    }

    /// <summary>All, one after the other as it is walked; no lock is held.</summary>
    public IEnumerable<T> All()
    {
        foreach (var shard in _shards)
            foreach (var place in Volatile.Read(ref shard.Places))
                if (place is T it) yield return it;
    }

    /// <returns>Whether it took an empty place; else that of a stone.</returns>
    private static bool Put(object?[] places, uint hash, T it)
    {
        var at = hash & (uint)(places.Length - 1);
        while (places[at] is T) at = at + 1 & (uint)(places.Length - 1);
        var wasEmpty = places[at] is null;
        Volatile.Write(ref places[at], it);
        return wasEmpty;
    }

    // The shard is chosen by the highest bits, the place by the lowest: neither may depend on a few bits of the key.
    private static uint Spread(int hash)
    {
        var spread = (uint)hash * 0x9E3779B1;
        return spread ^ spread >> 15;
    }

    private sealed class Shard
    {
        public object?[] Places = new object?[Least];

        /// <summary>Places that are not empty, stones counted.</summary>
        public int Taken;

        public int Living;

        /// <summary>Without stones; larger or smaller, if five eighths are more or far less than what lives.</summary>
        public void Renew()
        {
            var (before, length) = (Places, Places.Length);
            while ((Living + 1) * 8 > length * 5) length *= 2;
            while (length > Least && (Living + 1) * 32 < length * 5) length /= 2;
            var after = new object?[length];
            foreach (var place in before)
                if (place is T it) Put(after, Spread(it.Hash), it);
            Volatile.Write(ref Places, after);
            Taken = Living;
        }
    }
}
