using System.Collections.Immutable;
using Granary.Edge.Leases.Segments;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Edge.Leases;

/// <summary>
/// Takes what an owner granted, all of it or nothing: to choose from a part of the stored responses would be to choose otherwise than the owner. (1) look whether it can be taken  (2) have the
/// content here, whole (P4): what is known already, the rest as it came or from the silo  (3) store it  (4) publish it, unless a recall came since it was asked for.
/// </summary>
internal sealed class GrantIntake(LeasedCopies copies, CopyFilling filling, TimeProvider clock)
{
    /// <summary>As many as the store keeps of one URI, and as a silo tells of.</summary>
    public const int MostVariants = 64;

    private const string Recalled = "recalled";
    private const string NoContent = "no-content";
    private const string OverBudget = "over-budget";

    private readonly ResponseStore _store = copies.Store;
    private readonly SegmentStore _segments = copies.Segments;
    private readonly SharedTexts _texts = new();

    /// <param name="asked">Before it was asked for, by the monotonic clock; and then, how many recalls there had been.</param>
    /// <returns>Why not; null when it was taken.</returns>
    public async Task<string?> Take(string uri, Session session, MemberReply.Leased grant, long asked, long recalledSince)
    {
        if (grant.Session != session.Number || session.IsOver) return "no-session";
        if (WhyNot(uri, grant.Copies) is { } no) return no;                                                            // (1)
        var restored = ImmutableArray.CreateRange(grant.Copies, copy => Restored.Of(_texts.Of(copy, uri), asked, clock));
        if (restored.Any(one => one.In(session.Epochs) == Standing.Invalidated)) return Recalled;
        var span = (long)(grant.HeldFor.TotalSeconds * clock.TimestampFrequency);
        Held HeldAs(ImmutableArray<StoredVariant> variants) => new(uri, session, variants, asked + span / 4 * 3, asked + span);
        if (copies.Peek(uri) is { } held && IsTheSame(held, session, restored)) return copies.Publish(HeldAs(held.Variants), recalledSince) ? null : Recalled;
        if (await Fill(uri, restored) is not { } variants) return NoContent;                                           // (2)
        if (!Put(uri, variants, recalledSince)) return GivenUp(uri, recalledSince);                                    // (3)
        var stored = _store.PeekWhole(uri);
        return IsAll(stored, variants) && copies.Publish(HeldAs(stored), recalledSince) ? null : GivenUp(uri, recalledSince); // (4)
    }

    private string? WhyNot(string uri, ImmutableArray<StoredCopy> granted)
    {
        if (granted.IsDefaultOrEmpty) return "nothing-fresh";
        if (granted.Length > MostVariants) return "too-many";
        foreach (var copy in granted)
        {
            if (copy.Uri != uri || copy.Part is not null) return "parts";
            if (copy.Content.Length is null || (IsLarge(copy) && copy.Content.Endpoint is null)) return NoContent;
        }

        return null;
    }

    // Judged by the numbers of another session, a stored response would remember the wrong ones.
    private bool IsTheSame(Held held, Session session, ImmutableArray<Restored> restored)
    {
        if (held.Session != session || held.Variants.Length != restored.Length) return false;
        for (var i = 0; i < restored.Length; i++)
            if (held.Variants[i].Source != restored[i].Copy.Source || !restored[i].IsKnownAs(held.Variants[i]) || !LiesWhereItLay(held.Variants[i], restored[i].Copy)) return false;
        return true;
    }

    private bool LiesWhereItLay(StoredVariant held, StoredCopy copy) => held.Elsewhere is not { } elsewhere || (elsewhere.Address == copy.Content && _segments.Of(copy.Content) is not null);

    /// <summary>Too large to be leased whole: by segments.</summary>
    private bool IsLarge(StoredCopy copy) => copy.Content.Length > _store.Options.MaxResponseBytes;

    private async Task<ImmutableArray<StoredVariant>?> Fill(string uri, ImmutableArray<Restored> restored)
    {
        var known = _store.PeekWhole(uri);
        var variants = ImmutableArray.CreateBuilder<StoredVariant>(restored.Length);
        foreach (var one in restored)
        {
            if (IsLarge(one.Copy))
            {
                variants.Add(HeadOf(uri, one));
                continue;
            }

            var content = known.FirstOrDefault(own => own.Elsewhere is null && own.Source == one.Copy.Source && own.Content is { State: ContentState.Complete, IsRetained: true })?.Content ?? await Fill(one.Copy);
            if (content is null)
            {
                foreach (var variant in variants) variant.Content.Abandon();
                return null;
            }

            variants.Add(one.With(content, one.Copy.Source));
        }

        return variants.DrainToImmutable();
    }

    // Nothing of the content is here yet; what stands for it in the store is whole, and has no bytes.
    private StoredVariant HeadOf(string uri, Restored large)
    {
        using var nothing = _store.CreateContent(0);
        nothing.Complete();
        return large.With(nothing.Content, large.Copy.Source) with { Elsewhere = new ContentElsewhere(_segments.Take(uri, large.Copy.Content, large.Copy.Source).At) };
    }

    private async Task<Content?> Fill(StoredCopy copy)
    {
        await using var source = await filling.Open(copy);
        if (source is null) return null;
        using var writer = _store.CreateContent(copy.Content.Length);
        return await filling.Fill(writer, source, copy.Checksum) ? writer.Content : null;
    }

    /// <summary>The last one first, since the store lists the newest first.</summary>
    private bool Put(string uri, ImmutableArray<StoredVariant> variants, long recalledSince)
    {
        for (var i = variants.Length - 1; i >= 0; i--)
        {
            var variant = variants[i];
            var asked = variant.Content.IsStored ? Content.Saturated : 0; // it keeps its place among those to be evicted
            if (_store.Put(uri, variant, old => !variants.Any(one => one.Content == old.Content), () => copies.RecallsOf(uri) != recalledSince) is not PutOutcome.Stored) return false;
            ResponseStore.Warm(variant.Content, asked);
        }

        return true;
    }

    private static bool IsAll(ImmutableArray<StoredVariant> stored, ImmutableArray<StoredVariant> variants) =>
        stored.Length == variants.Length && stored.AsSpan().SequenceEqual(variants.AsSpan(), ReferenceEqualityComparer.Instance);

    private string GivenUp(string uri, long recalledSince)
    {
        _store.Remove(uri);
        return copies.RecallsOf(uri) != recalledSince ? Recalled : OverBudget;
    }
}
