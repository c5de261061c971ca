using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Granary.Edge.Policy.Lists;

/// <summary>
/// A set of domains, each with all that is below it. The names lie one behind the other in one block of bytes, each behind its length. Beside it is an open hash table, at most two thirds full, of 32 bits of a name's hash
/// and the place of the name, so that a label of the host that is asked for costs one cache line, and the block is looked at only where the 32 bits are the same: what is found has been compared. The hash goes from the end of
/// a name to its beginning: of a host every end is tried on the way. Its seed is another one for each list, so nobody can write names that collide.
/// </summary>
/// <remarks>Immutable; a million names are 35 to 55 MB.</remarks>
internal sealed class DomainList
{
    public static readonly DomainList Empty = new([], 0, 0);

    private const int AtOnce = 8;

    private readonly byte[] _names;
    private readonly ulong[] _table;
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="names">Each behind its length, in the form of host names.</param>
    /// <param name="length">Of what is used of it.</param>
    /// <param name="most">How many there are, each counted as often as it occurs.</param>
    public DomainList(byte[] names, int length, int most)
    {
        _names = names.Length == length ? names : names[..length];
        _table = new ulong[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(most + (most / 2) + 2))];
        for (var at = 0; at < length; at += names[at] + 1) Add(at);
    }

    /// <summary>Names, each counted once.</summary>
    public int Count { get; private set; }

    /// <summary>Memory that it takes, in bytes.</summary>
    public long Bytes => _names.LongLength + (_table.LongLength * sizeof(ulong));

    /// <param name="host">In the form of host names.</param>
    /// <param name="isAddress">It is not below anything.</param>
    public bool Covers(ReadOnlySpan<char> host, bool isAddress)
    {
        if (Count == 0) return false;
        Span<Probe> probes = stackalloc Probe[AtOnce];
        var (hash, count) = (_seed, 0);
        for (var i = host.Length - 1; i >= 0; i--)
        {
            if (host[i] == '.' && !isAddress)
            {
                if (count == AtOnce && HasOneOf(probes, host)) return true;
                count %= AtOnce;
                probes[count++] = new Probe(hash, i + 1, _table[Slot(hash)]);
            }

            hash = Mixed(hash, host[i]);
        }

        return HasOneOf(probes[..count], host) || Has(host, new Probe(hash, 0, _table[Slot(hash)]));
    }

    private bool HasOneOf(ReadOnlySpan<Probe> probes, ReadOnlySpan<char> host)
    {
        foreach (ref readonly var probe in probes)
            if (Has(host[probe.At..], probe)) return true;
        return false;
    }

    private bool Has(ReadOnlySpan<char> name, in Probe probe)
    {
        var mark = (uint)(probe.Hash >> 32);
        var slot = Slot(probe.Hash);
        for (var entry = probe.First; entry != 0; entry = _table[slot])
        {
            if ((uint)(entry >> 32) == mark && IsAt((int)((uint)entry - 1), name)) return true;
            slot = (slot + 1) & (_table.Length - 1);
        }

        return false;
    }

    /// <summary>One end of a host. The first entry is read for several ends before one is looked at, so that the processor fetches them together.</summary>
    private readonly record struct Probe(ulong Hash, int At, ulong First);

    private bool IsAt(int at, ReadOnlySpan<char> name)
    {
        var known = _names.AsSpan(at + 1, _names[at]);
        if (known.Length != name.Length) return false;
        for (var i = 0; i < known.Length; i++)
            if (known[i] != name[i]) return false;
        return true;
    }

    private void Add(int at)
    {
        var name = _names.AsSpan(at + 1, _names[at]);
        var hash = _seed;
        for (var i = name.Length - 1; i >= 0; i--) hash = Mixed(hash, (char)name[i]);
        var mark = (uint)(hash >> 32);
        var slot = Slot(hash);
        for (; _table[slot] is not 0 and var entry; slot = (slot + 1) & (_table.Length - 1))
            if ((uint)(entry >> 32) == mark && _names.AsSpan((int)(uint)entry, _names[(int)(uint)entry - 1]).SequenceEqual(name)) return;
        _table[slot] = ((ulong)mark << 32) | (uint)(at + 1);
        Count++;
    }

    private int Slot(ulong hash) => (int)(hash & (ulong)(_table.Length - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mixed(ulong hash, char c)
    {
        hash = (hash ^ c) * 0x9E37_79B9_7F4A_7C15;
        return hash ^ (hash >> 29);
    }
}
