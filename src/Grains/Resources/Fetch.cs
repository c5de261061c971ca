using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Granary.Grains.Groups;
using Granary.Grains.Origin;
using Granary.Grains.Resources.Partial;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Resources;

/// <summary>
/// One request to the origin on behalf of everybody who waits for it. It belongs to no client: it goes on when the one that caused it leaves (P1).
/// Lives in the silo (<see cref="FetchesUnderWay"/>), not in an activation.
/// </summary>
internal sealed class Fetch(Question leader, Offer offer, bool hasLeader, long invalidations, PartRequest? part = null)
{
    // A ticket from another process, or from the one before, must not fit a fetch of this one: ids start anywhere.
    private static long _newest = Random.Shared.NextInt64(1L << 62);

    private readonly Lock _lock = new();
    private FetchOutcome? _outcome;
    private ImmutableArray<ResponseHead> _interims = [];
    private TaskCompletionSource? _news; // an interim response, or the outcome
    private TaskCompletionSource? _allHaveLeft;
    private TaskCompletionSource? _ended;
    private bool _hasEnded;
    private volatile bool _isOutdated;
    private StrongBox<ImmutableArray<DestinationReport>>? _learned;
    private int _waiting;

    /// <summary>The newest fetch in this process. Whoever notes it when asked can tell which fetches began later.</summary>
    public static long Newest => Volatile.Read(ref _newest);

    public long Id { get; } = Interlocked.Increment(ref _newest);

    public Question Leader { get; } = leader;

    /// <summary>The stored responses whose validators the request carries; empty for an unconditional fetch.</summary>
    public Offer Offer { get; } = offer;

    /// <summary>False for one that freshens in the background: what is not stored has no taker.</summary>
    public bool HasLeader { get; } = hasLeader;

    /// <summary>The range it asks for alone; null for the whole. Nobody who wants the whole may join it.</summary>
    public PartRequest? Part { get; } = part;

    /// <summary>By which its response is judged, once they have been asked for: the same from then to its end.</summary>
    public ResourceOptions? Rules { get; set; }

    /// <summary>How many invalidations there had been when it began.</summary>
    public long Invalidations { get; } = invalidations;

    /// <summary>The interim responses that have arrived.</summary>
    public ImmutableArray<ResponseHead> Interims
    {
        get
        {
            lock (_lock) return _interims;
        }
    }

    /// <summary>An invalidation came after it began: it serves those who wait, and is not stored (P2).</summary>
    public bool IsOutdated => _isOutdated;

    /// <summary>Whoever asks now must not be given what it brings: an invalidation of the URI, its host or a prefix came after it began.</summary>
    public bool IsOutrun(string uri, GroupEpochs epochs) => IsOutdated || Invalidations < epochs.LastOf(uri);

    /// <summary>When it is no longer listed as under way.</summary>
    public Task Ended
    {
        get
        {
            lock (_lock) return _hasEnded ? Task.CompletedTask : (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public bool IsDecided => Volatile.Read(ref _outcome) is not null;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Before it is decided.</summary>
    public void Learn(ImmutableArray<DestinationReport> learned) => _learned = learned.IsEmpty ? null : new(learned);

    /// <summary>What it has learned of destinations: told once, by whoever is answered first.</summary>
    public ImmutableArray<DestinationReport> TakeLearned() => _learned is null ? [] : Interlocked.Exchange(ref _learned, null)?.Value ?? [];

    public void Decide(FetchOutcome outcome)
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            if (_outcome is not null) return;
            Volatile.Write(ref _outcome, outcome);
            (news, _news) = (_news, null);
        }

        news?.SetResult();
    }

    public void End()
    {
        TaskCompletionSource? ended;
        lock (_lock) (ended, _hasEnded) = (_ended, true);
        ended?.SetResult();
    }

    public void Outdate() => _isOutdated = true;

    public void Joins() => Interlocked.Increment(ref _waiting);

    public void Leaves()
    {
        if (Interlocked.Decrement(ref _waiting) > 0) return;
        TaskCompletionSource? allHaveLeft;
        lock (_lock) (allHaveLeft, _allHaveLeft) = (_allHaveLeft, null);
        allHaveLeft?.SetResult();
    }

    /// <summary>When nobody waits for it any more, nor is about to come back with a ticket.</summary>
    public Task AllHaveLeft()
    {
        lock (_lock)
        {
            if (Waiting == 0) return Task.CompletedTask;
            _allHaveLeft ??= new TaskCompletionSource(); // what waits for it only tidies up
            return Waiting == 0 ? Task.CompletedTask : _allHaveLeft.Task; // the last may have left before it was there
        }
    }

    public void Interim(int status, FieldLines fields)
    {
        var head = new ResponseHead(status, ConnectionFields.ForForwarding(fields));
        TaskCompletionSource? news;
        lock (_lock)
        {
            _interims = _interims.Add(head);
            (news, _news) = (_news, null);
        }

        news?.SetResult();
    }

    /// <summary>The interim responses after the first <paramref name="seen"/>, as soon as there are any or the fetch is decided.</summary>
    public async ValueTask<ImmutableArray<ResponseHead>> InterimsAfter(int seen)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_interims.Length > seen) return _interims[seen..];
                if (_outcome is not null) return [];
                news = News_NeedsLock();
            }

            await news;
        }
    }

    public async ValueTask<FetchOutcome> Decided()
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_outcome is not null) return _outcome;
                news = News_NeedsLock();
            }

            await news;
        }
    }

    private Task News_NeedsLock() => (_news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
