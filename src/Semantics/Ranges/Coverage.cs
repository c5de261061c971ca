namespace Granary.Semantics.Ranges;

/// <summary>What is missing of a range beside the parts that are held.</summary>
public static class Coverage
{
    /// <param name="held">In order of their first bytes; they may overlap.</param>
    public static List<ByteRange> Missing(IReadOnlyList<ByteRange> held, ByteRange wanted)
    {
        var missing = new List<ByteRange>();
        var next = wanted.First;
        foreach (var part in held)
        {
            if (part.First > wanted.Last) break;
            if (part.Last < next) continue;
            if (part.First > next) missing.Add(new(next, part.First - 1));
            next = part.Last + 1;
        }

        if (next <= wanted.Last) missing.Add(new(next, wanted.Last));
        return missing;
    }

    /// <summary>
    /// What to ask for so that all of <paramref name="wanted"/> is there: the gaps, enlarged to whole blocks as far as the next held part.
    /// </summary>
    public static List<ByteRange> MissingInBlocks(IReadOnlyList<ByteRange> held, IReadOnlyList<ByteRange> wanted, long block, long completeLength)
    {
        var asked = new List<ByteRange>();
        foreach (var range in wanted)
        {
            if (Missing(held, range).Count == 0) continue;
            var enlarged = new ByteRange(range.First - range.First % block, Math.Min(completeLength - 1, range.Last - range.Last % block + block - 1));
            foreach (var gap in Missing(held, enlarged))
                if (gap.First <= range.Last && gap.Last >= range.First && !asked.Contains(gap)) asked.Add(gap);
        }

        return Joined(asked);
    }

    // Blocks of two wanted ranges may overlap: nothing is asked for twice.
    private static List<ByteRange> Joined(List<ByteRange> ranges)
    {
        if (ranges.Count < 2) return ranges;
        ranges.Sort(static (a, b) => a.First.CompareTo(b.First));
        var joined = new List<ByteRange> { ranges[0] };
        foreach (var range in ranges)
            if (range.First <= joined[^1].Last) joined[^1] = new(joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else joined.Add(range);
        return joined;
    }
}
