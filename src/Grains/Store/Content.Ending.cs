namespace Granary.Grains.Store;

public sealed partial class Content
{
    internal void Complete()
    {
        if (_arrival is { Declared: >= 0 and var declared } && _arrived != declared) Fail(ContentFault.ShorterThanDeclared);
        if (WriterHasEnded) return;
        ContentReader? woken;
        bool claimed;
        lock (this)
        {
            TrimTail_NeedsLock();
            if (_state == ContentState.Arriving) _state = ContentState.Complete;
            if (_retained && _arrival is { } arrival) arrival.Readers = null;
            woken = Woken_NeedsLock();
            claimed = _claimed;
        }

        Wake(woken);
        _store.MayHaveRoom();
        if (!claimed) ArmTimer();
        if (_state == ContentState.Complete) _store.Completed(this);
        EndWriter();
    }

    /// <summary>The writer says that it cannot go on; it no longer writes to memory it was given.</summary>
    internal void Fail(ContentFault fault, Exception? cause = null)
    {
        if (WriterHasEnded) return;
        TryFail(fault, cause);
        EndWriter();
    }

    /// <summary>Fails it from outside. The writer may be writing to a block just now, so its hold stays until it says it has ended.</summary>
    internal void Collapse(ContentFault fault)
    {
        if (!TryFail(fault, null)) return;
        WakeWriter();
        _arrival?.ReadersGone?.CancelAsync();
    }

    private bool TryFail(ContentFault fault, Exception? cause)
    {
        ContentReader? woken;
        lock (this)
        {
            if (_state != ContentState.Arriving) return false;
            if (_arrival is { } arrival) (arrival.Fault, arrival.Cause) = (fault, cause); // it has one while it arrives
            _state = ContentState.Failed;
            woken = Woken_NeedsLock();
        }

        Wake(woken);
        _store.Lost(this);
        Unclaim();
        return true;
    }

    private void EndWriter()
    {
        if (_arrival is { } arrival) arrival.WriterHasEnded = true;
        Settle();
        Release();
    }
}
