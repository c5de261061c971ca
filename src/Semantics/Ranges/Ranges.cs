using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Ranges;

/// <summary>Range and If-Range against a complete stored response. RFC 9110 §13.1.5, §14.2.</summary>
public static class Ranges
{
    /// <summary>Evaluated after Preconditions. Whatever is not valid, or not worth it, gets the whole: that is always allowed.</summary>
    public static RangeOutcome Evaluate(RequestHead presented, ResponseHead selected, long completeLength)
    {
        if (presented.Method != Methods.Get || selected.Status != 200 || !presented.Fields.Has(FieldNames.Range)) return RangeOutcome.Whole.Instance;
        if (OnlyLine(presented.Fields, FieldNames.Range) is not { } specifier || !IfRangeHolds(presented.Fields, selected.Fields)) return RangeOutcome.Whole.Instance;
        if (RangeSet.Read(specifier, completeLength) is not { } ranges) return RangeOutcome.Whole.Instance;
        return ranges switch
        {
            [] => RangeOutcome.Unsatisfiable.Instance,
            [var only] => new RangeOutcome.Single(only.First, only.Last),
            _ => AreApart(ranges) ? new RangeOutcome.Multiple(ranges) : RangeOutcome.Whole.Instance,
        };
    }

    // §14.2, §17.15: ranges that overlap send bytes twice, which serves nobody but an attacker.
    private static bool AreApart(List<ByteRange> ranges)
    {
        var sorted = ranges.ToArray();
        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i].First <= sorted[i - 1].Last) return false;
        return true;
    }

    // §13.1.5: an entity tag must match strongly, a date exactly and be strong; anything else is false and the whole is sent.
    private static bool IfRangeHolds(FieldLines request, FieldLines selected)
    {
        if (!request.Has(FieldNames.IfRange)) return true;
        if (OnlyLine(request, FieldNames.IfRange) is not { } condition) return false;
        if (condition.StartsWith('"') || condition.StartsWith("W/", StringComparison.Ordinal))
            return EntityTag.TryParse(condition, out var asked) && EntityTag.Of(selected) is { } tag && tag.IsStrongly(asked);
        return LastModifiedIs(selected, condition);
    }

    // RFC 9110 §8.8.2.2: Last-Modified is strong where Date is at least a minute later: the clock's second had passed by then.
    private static bool LastModifiedIs(FieldLines selected, string condition)
    {
        if (HttpDate.Of(selected, FieldNames.Date, DateTimeOffset.UnixEpoch) is not { } date) return false;
        return HttpDate.Of(selected, FieldNames.LastModified, date) is { } modified
            && HttpDate.TryParse(condition, date, out var asked)
            && asked == modified && date - modified >= TimeSpan.FromSeconds(60);
    }

    private static string? OnlyLine(FieldLines fields, string name)
    {
        string? only = null;
        foreach (var line in fields)
        {
            if (!line.Is(name)) continue;
            if (only is not null) return null;
            only = line.Value;
        }

        return only;
    }
}
