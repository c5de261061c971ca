using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>
/// What is not known here may be known to the silo that ranks next: the owner before this one joined, or one that was given a copy. It is asked before the origin is.
/// Whatever goes wrong only means that the origin is asked (P3).
/// </summary>
internal sealed class Bringing(
    IFellowship fellowship, CopyIntake intake, CopiesComingIn comingIn, ResponseStore store, FetchesUnderWay fetches, PassMemory passes, TimeProvider clock, ILogger<Bringing> logger)
{
    /// <summary>Until the heads of all copies are in. A silo that lives answers in a millisecond; with much to do it may be late, and the origin is to be spared all the same (P6).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A silo that did not answer is not asked again so soon: each miss would wait for it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>After a change of members the next in rank may be as new as this one: then the one after it is asked as well.</summary>
    private static readonly TimeSpan Unsettled = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SiloAddress, long> _silent = new();
    private readonly bool _isAlone = fellowship is Alone;
    private Settlement _settlement = new([], 0);

    /// <summary>Whether somebody is worth asking: nothing is known here, there are others, and it may be something that is stored.</summary>
    public bool MayHelp(string uri, RequestHead presented) =>
        !_isAlone && fellowship.All.Length > 1 && presented.Method is Methods.Get or Methods.Head && fetches.Of(uri).IsEmpty && store.FindParts(uri).IsEmpty
        && !passes.Remembers(uri, presented.Fields.Has(FieldNames.Authorization));

    /// <summary>Once per URI at a time; all questions wait for the same.</summary>
    public Task Bring(string uri)
    {
        if (_underWay.TryGetValue(uri, out var other)) return other;
        var brought = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _underWay.GetOrAdd(uri, brought.Task);
        if (first == brought.Task) _ = Task.Run(() => Conduct(uri, brought)); // outside the turns of the grain
        return first;
    }

    private async Task Conduct(string uri, TaskCompletionSource brought)
    {
        try
        {
            store.Names.Learn(uri); // before it is listed: who invalidates the URI finds it from then on
            if (fellowship.Self() is not null && comingIn.TryList(uri, null, out var listed) is null) await Ask(listed);
        }
        finally
        {
            _underWay.TryRemove(uri, out _);
            brought.TrySetResult();
        }
    }

    /// <summary>Until one had something, all had nothing, or it has taken too long.</summary>
    private async Task Ask(ComingIn listed)
    {
        var asked = clock.GetTimestamp();
        var answers = Nearest(listed.Uri).Select(fellow => Ask(fellow, listed, asked)).ToList();
        _ = End(listed, answers);
        var heads = answers.Select(static answer => answer.HeadsAreIn.Task).ToList();
        using var late = new CancellationTokenSource();
        var patience = Task.Delay(Patience, clock, late.Token);
        while (heads.Count > 0 && await Task.WhenAny([.. heads, patience]) is Task<bool> head && !await head) heads.Remove(head);
        await late.CancelAsync();
    }

    private IEnumerable<Fellow> Nearest(string uri) =>
        Rendezvous.Rank(uri, fellowship.All, static fellow => fellow.Name).Where(fellow => !fellowship.IsSelf(fellow)).Take(IsUnsettled() ? 2 : 1).Where(fellow => !IsSilent(fellow));

    private Answering Ask(Fellow fellow, ComingIn listed, long asked)
    {
        var headsAreIn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Answering(headsAreIn, TakeIn(fellow, listed, asked, headsAreIn));
    }

    private async Task TakeIn(Fellow fellow, ComingIn listed, long asked, TaskCompletionSource<bool> headsAreIn)
    {
        try
        {
            var copies = await fellowship.Of(fellow).Find(listed.Uri).WaitAsync(Patience, clock);
            var taking = copies.Select(copy => TakeIn(listed, copy, asked)).ToList();
            await Task.WhenAll(taking.Select(static copy => copy.HeadIsIn));
            headsAreIn.TrySetResult(copies.Length > 0);
            await Task.WhenAll(taking.Select(static copy => copy.Over));
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException)
        {
            _silent[fellow.Address] = clock.GetTimestamp();
            logger.FellowIsSilent(fellow.Name, listed.Uri);
        }
        finally
        {
            headsAreIn.TrySetResult(false);
        }
    }

    private (Task HeadIsIn, Task Over) TakeIn(ComingIn listed, StoredCopy copy, long asked)
    {
        var headIsIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = intake.TakeIn(listed, copy, asked, "question", headIsIn);
        return (Task.WhenAny(headIsIn.Task, over), over);
    }

    // It stays listed until the last content is over: an invalidation outdates all that it brings.
    private async Task End(ComingIn listed, List<Answering> answers)
    {
        try
        {
            await Task.WhenAll(answers.Select(static answer => answer.Over));
        }
        finally
        {
            comingIn.Remove(listed);
        }
    }

    private bool IsSilent(Fellow fellow) => _silent.TryGetValue(fellow.Address, out var since) && clock.GetElapsedTime(since) < Silence;

    private bool IsUnsettled()
    {
        var (settlement, all) = (_settlement, fellowship.All);
        if (settlement.All != all)
        {
            _settlement = settlement = new Settlement(all, clock.GetTimestamp());
            foreach (var gone in _silent.Keys.Except(all.Select(static fellow => fellow.Address))) _silent.TryRemove(gone, out _);
        }

        return clock.GetElapsedTime(settlement.Since) < Unsettled;
    }

    private sealed record Settlement(ImmutableArray<Fellow> All, long Since);

    private sealed record Answering(TaskCompletionSource<bool> HeadsAreIn, Task Over);
}
