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

    private readonly TaskCompletionSource<FetchOutcome> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ImmutableArray<ResponseHead> _interims = [];
    private TaskCompletionSource _interimArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _allHaveLeft;
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
    public Task Ended => _ended.Task;

    public bool IsDecided => _decided.Task.IsCompleted;

    public int Waiting => Volatile.Read(ref _waiting);

    public Task<FetchOutcome> Decided => _decided.Task;

    /// <summary>Before it is decided.</summary>
    public void Learn(ImmutableArray<DestinationReport> learned) => _learned = learned.IsEmpty ? null : new(learned);

    /// <summary>What it has learned of destinations: told once, by whoever is answered first.</summary>
    public ImmutableArray<DestinationReport> TakeLearned() => _learned is null ? [] : Interlocked.Exchange(ref _learned, null)?.Value ?? [];

    public void Decide(FetchOutcome outcome) => _decided.TrySetResult(outcome);

    public void End() => _ended.TrySetResult();

    public void Outdate() => _isOutdated = true;

    public void Joins() => Interlocked.Increment(ref _waiting);

    public void Leaves()
    {
        if (Interlocked.Decrement(ref _waiting) > 0) return;
        lock (_lock) _allHaveLeft?.TrySetResult();
    }

    /// <summary>When nobody waits for it any more, nor is about to come back with a ticket.</summary>
    public Task AllHaveLeft()
    {
        lock (_lock)
        {
            _allHaveLeft ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Waiting == 0 ? Task.CompletedTask : _allHaveLeft.Task;
        }
    }

    public void Interim(int status, FieldLines fields)
    {
        var head = new ResponseHead(status, ConnectionFields.ForForwarding(fields));
        TaskCompletionSource arrived;
        lock (_lock)
        {
            _interims = _interims.Add(head);
            (arrived, _interimArrived) = (_interimArrived, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        arrived.TrySetResult();
    }

    /// <summary>The interim responses after the first <paramref name="seen"/>, as soon as there are any or the fetch is decided.</summary>
    public async Task<ImmutableArray<ResponseHead>> InterimsAfter(int seen)
    {
        while (true)
        {
            var isDecided = IsDecided; // before looking: all interim responses come before the decision
            Task arrived;
            lock (_lock)
            {
                if (_interims.Length > seen) return _interims[seen..];
                arrived = _interimArrived.Task;
            }

            if (isDecided) return [];
            await Task.WhenAny(arrived, _decided.Task);
        }
    }
}
