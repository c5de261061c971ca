namespace Granary.Grains.Origin.Guards;

/// <summary>
/// Stands before one destination: so many fetches at a time, so many that wait, and none at all for a while once it could not be reached several times in a row. After
/// the while one fetch tries; what comes of it decides.
/// </summary>
internal sealed class OriginGuard(string address, Func<FetchOptions> options, Func<int> silos, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _queued;
    private int _underWay;
    private int _failures;
    private long _opened;

    public string Address => address;

    public int UnderWay => Volatile.Read(ref _underWay);

    public int Queued => Volatile.Read(ref _queued);

    public bool IsOpen => _failures >= options().CircuitFailures && options().CircuitFailures > 0;

    public bool IsIdle => UnderWay == 0 && Queued == 0 && !IsOpen;

    /// <param name="hasCircuit">There may be somewhere else to go.</param>
    /// <returns>Null once there is a place, which has to be given back; else why there is none.</returns>
    public async ValueTask<OriginFault?> Enter(bool hasCircuit)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            if (hasCircuit && IsLeftAlone_NeedsLock()) return OriginFault.LeftAlone;
            if (_underWay < Share())
            {
                _underWay++;
                return null;
            }

            if (_queued >= options().MaxQueuedFetches) return OriginFault.Busy;
            _queued++;
            _waiting.Enqueue(turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return await Turn(turn).ConfigureAwait(false) ? null : OriginFault.Busy;
    }

    /// <summary>Gives the place to who has waited longest.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _underWay--;
            while (_underWay < Share() && _waiting.TryDequeue(out var next))
            {
                if (!next.TrySetResult(true)) continue; // it has given up
                _queued--;
                _underWay++;
            }
        }
    }

    public void Learn(OriginReply reply)
    {
        lock (_lock)
        {
            if (reply is OriginReply.Failed { Error: { WasNotSent: true } or { Fault: OriginFault.HeadTimedOut } })
            {
                _failures++;
                _opened = clock.GetTimestamp();
            }
            else
            {
                _failures = 0;
            }
        }
    }

    // What all silos together may, divided among them: nobody is asked.
    private int Share()
    {
        if (options().MaxFetchesPerOrigin is not (> 0 and var most)) return int.MaxValue;
        var members = Math.Max(1, silos()); // none where there is but this process
        return (most + members - 1) / members;
    }

    private bool IsLeftAlone_NeedsLock()
    {
        if (!IsOpen) return false;
        if (clock.GetElapsedTime(_opened) < options().CircuitPause) return true;
        _opened = clock.GetTimestamp(); // one tries; the others wait for what comes of it, or for the next
        return false;
    }

    private async Task<bool> Turn(TaskCompletionSource<bool> turn)
    {
        try
        {
            return await turn.Task.WaitAsync(options().HeadTimeout, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (!turn.TrySetResult(false)) return true; // it came just now
            lock (_lock)
            {
                _queued--;
                while (_waiting.TryPeek(out var gone) && gone.Task.IsCompleted) _waiting.Dequeue(); // they give up in the order in which they came
            }

            return false;
        }
    }
}
