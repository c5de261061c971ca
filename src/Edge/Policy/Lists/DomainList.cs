using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Granary.Edge.Policy.Lists;

/// <summary>
/// A set of domains, each with all that is below it. The names lie one behind the other in one block of bytes, each behind its length. Beside it is an open hash table, at most two thirds full, of 32 bits of a name's hash
/// and the place of the name, so that a label of the host that is asked for costs one cache line, and the block is looked at only where the 32 bits are the same: what is found has been compared. The hash goes from the end of
/// a name to its beginning: of a host every end is tried on the way. Its seed is another one for each list, so nobody can write names that collide.
/// </summary>
/// <remarks>Immutable; a million names are some 35 MB.</remarks>
internal sealed class DomainList
{
    public static readonly DomainList Empty = new([], 0, 0);

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
        var hash = _seed;
        for (var i = host.Length - 1; i >= 0; i--)
        {
            if (host[i] == '.' && !isAddress && Has(host[(i + 1)..], hash)) return true;
            hash = Mixed(hash, host[i]);
        }

        return Has(host, hash);
    }

    private bool Has(ReadOnlySpan<char> name, ulong hash)
    {
        var mark = (uint)(hash >> 32);
        for (var slot = Slot(hash); _table[slot] is not 0 and var entry; slot = (slot + 1) & (_table.Length - 1))
            if ((uint)(entry >> 32) == mark && IsAt((int)((uint)entry - 1), name)) return true;
        return false;
    }

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
