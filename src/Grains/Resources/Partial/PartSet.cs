using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using Granary.Semantics.Selection;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources.Partial;

/// <summary>
/// Parts of one representation: same variant, same complete length, one strong validator (RFC 9111 §3.4). One without a strong validator stands alone.
/// </summary>
/// <param name="Parts">In order of their first bytes; they may overlap.</param>
/// <param name="Newest">The one received or validated last: it speaks for all.</param>
internal sealed record PartSet(ImmutableArray<StoredVariant> Parts, StoredVariant Newest)
{
    public long CompleteLength => Newest.Part!.Value.CompleteLength;

    public ResponseHead Head => Newest.Response.Head;

    public StrongValidator? Validator => Newest.Response.StrongValidator;

    public IReadOnlyList<ByteRange> Held { get; } = [.. Parts.Select(RangeOf)];

    /// <summary>What the request wants of this representation; null if its range is not satisfiable.</summary>
    public IReadOnlyList<ByteRange>? WantedBy(RequestHead presented) => Ranges.Evaluate(presented, Head, CompleteLength) switch
    {
        RangeOutcome.Single single => [new ByteRange(single.First, single.Last)],
        RangeOutcome.Multiple several => several.Ranges,
        RangeOutcome.Unsatisfiable => null,
        _ => [new ByteRange(0, CompleteLength - 1)],
    };

    public bool Covers(IReadOnlyList<ByteRange> wanted) => wanted.All(range => Coverage.Missing(Held, range).Count == 0);

    /// <summary>
    /// The set a request selects: the newest, unless it stands alone and another has all that is wanted. What was fetched for this very
    /// question comes first, whatever Vary says.
    /// </summary>
    public static PartSet? Select(RequestHead presented, ImmutableArray<StoredVariant> stored, IReadOnlyList<StoredVariant> own)
    {
        var usable = stored.Where(part => part.Content.IsRetained && part.Content.State != ContentState.Failed && !own.Contains(part)).ToList();
        var anchors = own.Count > 0 ? [.. own] : usable.Where(part => Selection.Matches(presented, part.Response)).ToImmutableArray();
        PartSet? first = null;
        while (NewestOf(anchors) is { } anchor)
        {
            var set = Around(anchor, [.. usable, .. own]);
            if (set.WantedBy(presented) is { } wanted && set.Covers(wanted)) return set;
            first ??= set;
            anchors = anchors.RemoveRange(set.Parts.Where(anchors.Contains));
        }

        return first;
    }

    public static StoredVariant? NewestOf(ImmutableArray<StoredVariant> parts) =>
        parts.IsEmpty ? null : parts.MaxBy(static part => part.ReceivedTimestamp);

    public static ByteRange RangeOf(StoredVariant part)
    {
        var first = part.Part!.Value.First;
        return new ByteRange(first, first + part.Content.Length!.Value - 1);
    }

    private static PartSet Around(StoredVariant anchor, List<StoredVariant> all)
    {
        if (anchor.Response.StrongValidator is null) return new PartSet([anchor], anchor);
        var parts = all.Where(part => part == anchor || AreOne(anchor, part)).OrderBy(static part => part.Part!.Value.First);
        return new PartSet([.. parts], anchor);
    }

    private static bool AreOne(StoredVariant a, StoredVariant b) =>
        a.Part!.Value.CompleteLength == b.Part!.Value.CompleteLength
        && Selection.SameVariant(a.Response, b.Response) && StrongValidator.AreShared(b.Response, a.Response);
}
