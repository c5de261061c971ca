using System.Numerics;

namespace Granary.Grains.Store;

/// <summary>
/// Remembers the fingerprints of keys evicted lately, as the S3-FIFO paper (§4.2) does: a table of small buckets in which an entry counts as
/// long as no more than a window of others came after it. Fixed size; a fingerprint that meets another's costs a wrong guess, no more.
/// </summary>
internal sealed class GhostQueue
{
    private const int Ways = 4;
    private readonly (uint Fingerprint, uint Stamp)[] _entries;
    private uint _now = uint.MaxValue / 2; // so that the empty entries' stamps are long past

    public GhostQueue(long entries) =>
        _entries = new (uint, uint)[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(entries, 256, 1 << 20))];

    public long MemoryBytes => _entries.Length * 8L;

    public void Add(string key)
    {
        var fingerprint = FingerprintOf(key);
        var bucket = BucketOf(fingerprint);
        ref var oldest = ref bucket[0];
        foreach (ref var entry in bucket)
            if (_now - entry.Stamp > _now - oldest.Stamp) oldest = ref entry;
        oldest = (fingerprint, ++_now);
    }

    /// <summary>Whether the key was among the last <paramref name="window"/> evicted; it is forgotten with that.</summary>
    public bool TryTake(string key, int window)
    {
        var fingerprint = FingerprintOf(key);
        foreach (ref var entry in BucketOf(fingerprint))
        {
            if (entry.Fingerprint != fingerprint || _now - entry.Stamp >= (uint)window) continue;
            entry = default;
            return true;
        }

        return false;
    }

    public void Clear() => Array.Clear(_entries);

    // Seeded anew in each process: nobody outside can choose keys that meet.
    private static uint FingerprintOf(string key) => (uint)string.GetHashCode(key);

    private Span<(uint Fingerprint, uint Stamp)> BucketOf(uint fingerprint) =>
        _entries.AsSpan((int)(fingerprint & (uint)(_entries.Length / Ways - 1)) * Ways, Ways);
}
