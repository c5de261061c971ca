using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Resources;

/// <summary>
/// One request to the origin on behalf of everybody who waits for it. It belongs to no client: it goes on when the one that caused it leaves (P1).
/// Lives in the silo (<see cref="FetchesUnderWay"/>), not in an activation.
/// </summary>
internal sealed class Fetch(Question leader, Offer offer, long begun, bool hasLeader)
{
    private static long _lastId;

    private readonly TaskCompletionSource<FetchOutcome> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ImmutableArray<ResponseHead> _interims = [];
    private TaskCompletionSource _interimArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public long Id { get; } = Interlocked.Increment(ref _lastId);

    public Question Leader { get; } = leader;

    /// <summary>The stored responses whose validators the request carries; empty for an unconditional fetch.</summary>
    public Offer Offer { get; } = offer;

    /// <summary>The number of the question that caused it. Whoever asked earlier or then knows that the origin was asked after him.</summary>
    public long Begun { get; } = begun;

    /// <summary>False for one that freshens in the background: what is not stored has no taker.</summary>
    public bool HasLeader { get; } = hasLeader;

    /// <summary>An invalidation came after it began: it serves those who wait, and is not stored (P2).</summary>
    public bool IsOutdated { get; private set; }

    public bool IsDecided => _decided.Task.IsCompleted;

    public int Waiting => Volatile.Read(ref _waiting);

    public Task<FetchOutcome> Decided => _decided.Task;

    public void Decide(FetchOutcome outcome) => _decided.TrySetResult(outcome);

    public void Outdate() => IsOutdated = true;

    public void Joins() => Interlocked.Increment(ref _waiting);

    public void Leaves() => Interlocked.Decrement(ref _waiting);

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
            Task arrived;
            lock (_lock)
            {
                if (_interims.Length > seen) return _interims[seen..];
                arrived = _interimArrived.Task;
            }

            if (IsDecided || await Task.WhenAny(arrived, _decided.Task) == _decided.Task) return [];
        }
    }
}
