using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>
/// Takes copies that others offer: (1) refuse what is here as good or newer, what is over budget, what may have been invalidated  (2) list it as coming in
/// (3) ask the giver what it has now  (4) open the content  (5) store it, unless an invalidation came meanwhile. Why this order: <see cref="CopiesComingIn"/>.
/// </summary>
internal sealed class CopyIntake(
    ResponseStore store, CopiesComingIn comingIn, CopyFilling filling, GroupEpochs epochs, GroupsLearning groups, IFellowship fellowship, CopyWriting own, TimeProvider clock,
    CopyMeter meter, ILogger<CopyIntake> logger)
{
    /// <summary>How long a giver waits for a content before it is told that it still arrives.</summary>
    public static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<CopyOutcome> Take(SiloAddress giver, StoredCopy offered)
    {
        if (fellowship.Self() is null || Find(giver) is not { } from) return CopyOutcome.NotCurrent; // who is no member is not told of invalidations either
        var restored = Restored.Of(offered, clock.GetTimestamp(), clock);
        var same = SameContent(restored);
        if (same?.Content.State == ContentState.Complete && restored.IsKnownAs(same)) return CopyOutcome.HasAsGood;
        if (same is null && WhyNot(restored) is { } no) return Refused(offered, no);                                    // (1)
        store.Names.Learn(offered.Uri); // before it is listed: who invalidates the URI finds it from then on
        var isNews = same is not null && !restored.IsKnownAs(same);
        if (comingIn.TryList(offered.Uri, isNews ? null : offered.Source, out var listed) is { } why)                     // (2)
            return why == CopyOutcome.Arriving ? await Within(listed.Over.Task) : Refused(offered, why);
        _ = Task.Run(() => Conduct(listed, from, offered)); // outside the turns of whoever is called
        return await Within(listed.Over.Task);
    }

    /// <summary>Steps (4) and (5) for what a giver said that it has, after it was listed. Answers when the copy is over.</summary>
    /// <param name="asked">Before the giver was asked.</param>
    public async Task<CopyOutcome> TakeIn(ComingIn listed, StoredCopy copy, long asked, string by, TaskCompletionSource? headIsIn = null)
    {
        var restored = Restored.Of(copy, asked, clock);
        epochs.Reaches(restored.Membership?.Since ?? 0);
        var outcome = WhyNot(restored) ?? Freshen(listed, restored) ?? await Fill(listed, restored, headIsIn);
        meter.CameIn(outcome, by, outcome == CopyOutcome.Taken ? copy.Content.Length ?? 0 : 0);
        logger.CopyCameIn(copy.Uri, outcome.Word());
        return outcome;
    }

    private async Task Conduct(ComingIn listed, Fellow from, StoredCopy offered)
    {
        var outcome = CopyOutcome.NotCurrent;
        try
        {
            var asked = clock.GetTimestamp();
            if (await fellowship.Of(from).Confirm(offered.Uri, offered.Content.Id).WaitAsync(Patience, clock) is { } copy)   // (3)
                outcome = await TakeIn(listed, copy, asked, "offer");
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException)
        {
            logger.FellowIsSilent(from.Name, offered.Uri);
        }
        finally
        {
            comingIn.Remove(listed);
            listed.Over.TrySetResult(outcome);
        }
    }

    private CopyOutcome? WhyNot(Restored restored)
    {
        if (restored.Membership is { HasGroups: true } && !groups.AreKnown) return CopyOutcome.GroupsUnknown;
        if (restored.In(epochs) == Standing.Invalidated) return CopyOutcome.Invalidated;
        if (SameContent(restored) is { } same) return restored.IsKnownAs(same) ? CopyOutcome.HasAsGood : null;
        if (store.Peek(restored.Copy.Uri).Any(restored.YieldsTo)) return CopyOutcome.HasAsGood;
        var length = restored.Copy.Content.Length ?? 0;
        return length > store.Options.MaxResponseBytes || (restored.Copy.Asked == 0 && !store.HasPlentyFor(length)) ? CopyOutcome.OverBudget : null;
    }

    /// <summary>The content is here: only what is said of it is new.</summary>
    private CopyOutcome? Freshen(ComingIn listed, Restored restored)
    {
        if (SameContent(restored) is not { } old) return null;
        if (listed.IsOutdated) return CopyOutcome.Invalidated; // asked after it was read: it may be what a soft invalidation has made of it
        var freshened = restored.With(old.Content, old.Source);
        // What was invalidated since is not replaced: it is no longer there, or is another.
        if (!store.Replace(listed.Uri, old, freshened)) return listed.IsOutdated ? CopyOutcome.Invalidated : CopyOutcome.Busy; // it changed just now: offered again, it is looked at again
        ResponseStore.Warm(old.Content, restored.Copy.Asked);
        return CopyOutcome.Taken;
    }

    private async Task<CopyOutcome> Fill(ComingIn listed, Restored restored, TaskCompletionSource? headIsIn)
    {
        await using var source = await filling.Open(restored.Copy);                                                     // (4)
        if (source is null) return CopyOutcome.NoContent;
        using var writer = store.CreateContent(restored.Copy.Content.Length);
        var variant = restored.With(writer.Content, restored.Copy.Source);
        if (Put(listed, restored, variant) is { } no) return no;                                                        // (5)
        var filled = filling.Fill(writer, source, restored.Copy.Checksum);
        headIsIn?.TrySetResult();
        return await filled ? CopyOutcome.Taken : CopyOutcome.NoContent;
    }

    private CopyOutcome? Put(ComingIn listed, Restored restored, StoredVariant variant)
    {
        var yields = false;
        var put = store.Put(listed.Uri, variant, old => !(yields |= restored.YieldsTo(old)) && restored.Replaces(old), () => listed.IsOutdated);
        if (put is PutOutcome.Refused refused) return refused.Why == PutRefusal.Outdated ? CopyOutcome.Invalidated : CopyOutcome.OverBudget;
        ResponseStore.Warm(variant.Content, restored.Copy.Asked);
        if (!yields) return null;
        store.Remove(listed.Uri, variant); // a fetch brought something newer meanwhile
        return CopyOutcome.HasAsGood;
    }

    private StoredVariant? SameContent(Restored restored) =>
        store.Peek(restored.Copy.Uri).FirstOrDefault(variant => variant.Content.CanBeStored && own.SourceOf(variant) == restored.Copy.Source);

    private Fellow? Find(SiloAddress address) => fellowship.All.FirstOrDefault(fellow => fellow.Address.Equals(address));

    private CopyOutcome Refused(StoredCopy offered, CopyOutcome why)
    {
        meter.CameIn(why, "offer", 0);
        logger.CopyCameIn(offered.Uri, why.Word());
        return why;
    }

    private async Task<CopyOutcome> Within(Task<CopyOutcome> over)
    {
        try
        {
            return await over.WaitAsync(Pulse, clock);
        }
        catch (TimeoutException)
        {
            return CopyOutcome.Arriving;
        }
    }
}
