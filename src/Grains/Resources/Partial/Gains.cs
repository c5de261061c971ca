using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Ranges;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Resources.Partial;

/// <summary>What the fetches of one question have brought it so far.</summary>
internal sealed class Gains
{
    private readonly List<StoredVariant> _own = [];
    private long? _proven;
    private ForwardReason? _why;
    private int? _status;
    private bool _leads;
    private bool _allKept = true;
    private FieldLines _validated = FieldLines.Empty;

    /// <summary>Parts that were fetched for this question: it may have them, stored or not.</summary>
    public IReadOnlyList<StoredVariant> Own => _own;

    /// <summary>
    /// Whether the origin vouched for this set after the question was asked (collapsed requests, RFC 9111 §4): its newest part was
    /// received or validated by a fetch that began then.
    /// </summary>
    public bool Prove(PartSet? set) => set is not null && set.Newest.ReceivedTimestamp >= _proven;

    /// <summary>The origin answered with the whole: what is stored now is for the other rules to select.</summary>
    public bool HasMetWhole { get; private set; }

    /// <returns>False if the outcome is not one for the parts.</returns>
    public bool Take(Participation part, FetchOutcome outcome, ForwardReason why)
    {
        var variant = outcome switch
        {
            FetchOutcome.Part got => got.Variant,
            FetchOutcome.Freshened { Variant.Part: not null } freshened => freshened.Variant,
            _ => null,
        };
        HasMetWhole |= outcome is FetchOutcome.Stored;
        if (variant is null) return outcome is FetchOutcome.Unusable;
        if (part.Leads && outcome is FetchOutcome.Part) _own.Add(variant);
        if (part.Leads && outcome is FetchOutcome.Freshened { Received.Fields: var notModified }) _validated = notModified;
        if (part.Leads || part.Fetch.Id > part.Asked) _proven = Math.Max(_proven ?? long.MinValue, variant.ReceivedTimestamp);
        _why ??= why;
        _status = outcome is FetchOutcome.Freshened ? 304 : 206;
        _leads |= part.Leads;
        _allKept &= outcome is not FetchOutcome.Part { IsKept: false };
        return true;
    }

    public Answer Serve(Choice choice, Plan.Serve plan)
    {
        var serve = Serve(choice, plan, StatusOf(choice, plan), _leads ? _own : null);
        return serve with { Head = Participation.WithCookies(serve.Head, _validated) };
    }

    public static Answer.ServeParts Serve(Choice choice, Plan.Serve plan, CacheStatus status, IReadOnlyList<StoredVariant>? own = null)
    {
        var (set, wanted) = (plan.Set, plan.Wanted);
        var parts = set.Parts.Where(part => wanted.Any(range => Overlap(PartSet.RangeOf(part), range))).ToImmutableArray();
        var age = set.Newest.Response.AgeAfter(Choice.Resident(set.Newest, choice.Clock));
        var isOwn = own is not null && parts.All(own.Contains) && set.Newest.Response.InitialAge == TimeSpan.Zero;
        return new Answer.ServeParts(
            own is null ? set.Newest.Response.ReusableHead : set.Head, [.. parts.Select(static part => new Piece(part.Part!.Value.First, part.Content.Address()))], set.CompleteLength, isOwn ? null : age,
            isOwn ? status : status with { Ttl = CacheStatus.TtlOf(set.Newest.Response.Lifetime.Value - age) });
    }

    /// <summary>They will not be delivered: whoever writes a window that nobody reads is told so.</summary>
    public void Abandon()
    {
        foreach (var own in _own) own.Content.Abandon();
    }

    private CacheStatus StatusOf(Choice choice, Plan.Serve plan)
    {
        if (_why is { } why) return new CacheStatus { Fwd = why, FwdStatus = _status, Stored = _leads && _status == 206 && _allKept, Collapsed = !_leads };
        return plan.Set.Parts.Any(part => plan.Wanted.Any(range => IsAwaited(part, range)))
            ? new CacheStatus { Fwd = ForwardReason.Partial, Collapsed = true }
            : new CacheStatus { Hit = true };
    }

    // What has not arrived yet was not in the cache when it was asked for.
    private static bool IsAwaited(StoredVariant part, ByteRange wanted)
    {
        var held = PartSet.RangeOf(part);
        return Overlap(held, wanted) && part.Content.Arrived < Math.Min(held.Last, wanted.Last) - held.First + 1;
    }

    private static bool Overlap(ByteRange a, ByteRange b) => a.First <= b.Last && b.First <= a.Last;
}
