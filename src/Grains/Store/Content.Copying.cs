using Granary.Grains.Copies;

namespace Granary.Grains.Store;

public sealed partial class Content
{
    private volatile Given? _givenAway;
    private int _reuses;

    /// <summary>What others were offered of it last. Kept here because content stays the same when its response is freshened.</summary>
    internal Given? GivenAway
    {
        get => _givenAway;
        set => _givenAway = value;
    }

    /// <summary>Reuses, counted until it is given away; not counted where there is nobody to give it to.</summary>
    internal int Reuses
    {
        get => Volatile.Read(ref _reuses);
        set => Volatile.Write(ref _reuses, value);
    }

    /// <summary>CRC-32C over what has arrived; for the writer alone.</summary>
    internal uint ChecksumSoFar => ~_crc;

    internal int CountReuse() => Interlocked.Increment(ref _reuses);
}
