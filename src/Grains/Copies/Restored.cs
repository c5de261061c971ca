using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Selection;
using Granary.Semantics.Validation;

namespace Granary.Grains.Copies;

/// <summary>A copy as the stored response that it becomes here.</summary>
/// <param name="Received">When it was received, on the monotonic clock of this process.</param>
internal sealed record Restored(StoredCopy Copy, StoredResponse Response, long Received, PartPosition? Part, Membership? Membership)
{
    /// <param name="asked">Before the giver was asked for what it has now: so the age errs to the older side, by the way there and back (as RFC 9111 §4.2.3 counts it).</param>
    public static Restored Of(StoredCopy copy, long asked, TimeProvider clock)
    {
        var response = new StoredResponse(
            copy.TargetUri, copy.Method, copy.Nominated, copy.Head, copy.ResponseTime, copy.InitialAge, new Lifetime(copy.Lifetime, copy.LifetimeSource), TargetsOf(copy.Targets))
        {
            AlsoNominated = OrNone(copy.AlsoNominated),
        };
        var resident = copy.Resident > TimeSpan.Zero ? copy.Resident : TimeSpan.Zero;
        var received = asked - (long)((Int128)resident.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);
        return new Restored(copy, response, received, copy.Part is { } part ? new PartPosition(part.First, part.CompleteLength) : null, MembershipOf(copy.Membership));
    }

    public StoredVariant With(Content content, CopySource? source) => new(Response, content, Received)
    {
        Part = Part,
        Membership = Membership,
        EarlyHints = OrNone(Copy.EarlyHints),
        Source = source,
        IsOutdated = Copy.IsOutdated,
    };

    /// <summary>What invalidations that this silo knows of make of it.</summary>
    public Standing In(GroupEpochs epochs) => (Membership ?? Groups.Membership.Of([], [], 0)).In(epochs, Response.TargetUri);

    /// <summary>The same bytes under the same or an older head: nothing is to be taken.</summary>
    public bool IsKnownAs(StoredVariant own) =>
        own.Response.ResponseTime == Response.ResponseTime ? own.Response.Lifetime.Value <= Response.Lifetime.Value : own.ReceivedTimestamp >= Received;

    /// <summary>What is here makes it needless.</summary>
    public bool YieldsTo(StoredVariant own) => own.ReceivedTimestamp >= Received && IsInThePlaceOf(own) && (Part is null || !IsOneWith(own) || Covers(own.Part!.Value.First, own.Content.Length));

    /// <summary>It makes what is here needless.</summary>
    public bool Replaces(StoredVariant own) =>
        own.ReceivedTimestamp < Received && IsInThePlaceOf(own) && (Part is null || !IsOneWith(own) || IsCovering(own.Part!.Value.First, own.Content.Length));

    private bool IsInThePlaceOf(StoredVariant own) =>
        own.Content.CanBeStored && own.Part is null == Part is null && Selection.SameVariant(own.Response, Response) && !IsUnproven(own);

    // Parts without strong validator stand alone, side by side.
    private bool IsUnproven(StoredVariant own) =>
        Part is not null && own.Response.StrongValidator is null && Response.StrongValidator is null && (own.Part!.Value.First != Part.Value.First || own.Content.Length != Copy.Content.Length);

    private bool IsOneWith(StoredVariant own) => own.Part?.CompleteLength == Part?.CompleteLength && StrongValidator.AreShared(own.Response, Response);

    private bool Covers(long first, long? length) => first <= Part!.Value.First && first + length >= Part.Value.First + Copy.Content.Length;

    private bool IsCovering(long first, long? length) => Part!.Value.First <= first && Part.Value.First + Copy.Content.Length >= first + length;

    private static Membership? MembershipOf(CopiedMembership? copied) =>
        copied is null ? null : Groups.Membership.Restored(OrNone(copied.Groups), OrNone(copied.Tags), copied.Since);

    private static TargetList TargetsOf(ImmutableArray<string> names) => new TargetList(OrNone(names)) is var targets && targets.Equals(TargetList.Cdn) ? TargetList.Cdn : targets;

    // A silo of an older version may not have known of it.
    private static ImmutableArray<T> OrNone<T>(ImmutableArray<T> values) => values.IsDefault ? [] : values;
}
