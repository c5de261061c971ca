namespace Granary.Edge.Leases;

/// <summary>
/// Counts the hits that owners answered, by URI, in bounded memory (count-min sketch: Cormode, Muthukrishnan, 2005), and halves all counts once in a lease: what counts is what is asked for now.
/// A count may be too high, when URIs fall together, and a little too low, when threads meet: that costs or saves a message.
/// </summary>
internal sealed class Demand
{
    private const int Rows = 4;
    private const int Width = 1 << 13;

    private readonly ushort[] _counts = new ushort[Rows * Width];

    /// <summary>One hit more.</summary>
    /// <returns>How many there were.</returns>
    public int Count(string uri)
    {
        var hash = Spread((uint)uri.GetHashCode(StringComparison.Ordinal));
        var least = int.MaxValue;
        for (var row = 0; row < Rows; row++)
        {
            ref var count = ref _counts[row * Width + (int)(hash >> (row * 16) & (Width - 1))];
            if (count < ushort.MaxValue) count++;
            least = Math.Min(least, count);
        }

        return least;
    }

    public void Halve()
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] /= 2;
    }

    // SplitMix64: each row has bits of its own.
    private static ulong Spread(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
