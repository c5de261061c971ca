using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Store;

/// <summary>
/// The content of one response: written once, in order, by one <see cref="ContentWriter"/>, read by any number of
/// <see cref="ContentReader"/>s each at its own pace, also while it is still arriving.
/// <para>
/// <b>Life.</b> It is held by its writer until that has ended, by each reader, by the store, and, until the first of the latter two comes,
/// by its claim, so that a content written faster than somebody could open it is still there. When the last lets go the blocks return to the
/// arena. A block is never returned while somebody may still write to it (the writer holds until it says it has ended) or send from it
/// (a reader holds until it is disposed): that is what keeps bytes of two responses apart (P4).
/// </para>
/// <para>
/// <b>Retained or windowed.</b> Retained, every segment stays. Windowed, segments go back behind the slowest reader and the writer waits
/// when the window is full. A retained content may become windowed while it arrives, never the other way round.
/// </para>
/// <para>
/// <b>Races.</b> The lock covers segments, positions, holds and who waits. Bytes are published by writing <see cref="Arrived"/> after them; a
/// reader looks at the state before it looks at <see cref="Arrived"/>, so an end is seen only with all bytes before it. A reader goes to wait
/// under the lock after looking again, and the writer takes all who wait under the lock after publishing, so no wake-up is lost. Nobody's
/// continuation runs under the lock or on the writer's stack. The store's lock is taken before this one, never after; the arena's is last.
/// </para>
/// </summary>
public sealed partial class Content : IKeyed<long> // it is its own lock: another object would be a tenth of what a small stored response costs
{
    // A restarted process must not know an address that an edge kept from before: ids start anywhere.
    private static long _lastId = Random.Shared.NextInt64(1L << 62);

    private readonly ResponseStore _store;
    private ContentSegment? _head;
    private Block _only; // of a content that is settled and lies in one block, which then has no segment; read after the head
    private long _arrived;
    private volatile ContentState _state;
    private volatile bool _retained;
    private int _holds = 2; // the writer's and the claim's
    private bool _claimed;

    internal Content(ResponseStore store, long? declaredLength, bool retained)
    {
        if (declaredLength is { } length) ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(declaredLength));
        _store = store;
        _arrival = new Arrival { Declared = declaredLength ?? -1 };
        _retained = retained;
        Id = Interlocked.Increment(ref _lastId);
    }

    /// <summary>Numbers that follow on each other; nobody outside chooses them.</summary>
    internal static int HashOf(long id) => (int)id;

    int IKeyed<long>.Hash => HashOf(Id);

    bool IKeyed<long>.Has(long key) => Id == key;

    /// <summary>Unique in this process and unlikely to have been used by the one before it.</summary>
    public long Id { get; }

    /// <summary>The length as declared, or as it turned out; null while it is not known.</summary>
    public long? Length => _arrival is { Declared: >= 0 } arrival ? arrival.Declared : _state == ContentState.Complete ? Arrived : null;

    public long Arrived => Volatile.Read(ref _arrived);

    public ContentState State => _state;

    /// <summary>Every byte of it is here: complete, or about to be said so. A client that has got all of a declared length must find it so.</summary>
    public bool HasArrived => _state switch
    {
        ContentState.Complete => true,
        ContentState.Arriving => _arrival is { } arrival && Arrived == arrival.Declared,
        _ => false,
    };

    /// <summary>Whether every byte is kept, as storing demands.</summary>
    public bool IsRetained => _retained;

    /// <summary>Somebody reads it, or has read it.</summary>
    public bool HasBeenOpened => Volatile.Read(ref _opened);

    /// <summary>Complete, and nobody but the store holds it: evicting it would give its blocks back at once.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (this) return _state == ContentState.Complete && _holds == 1;
        }
    }

    /// <summary>Retained and not failed; complete or arriving.</summary>
    internal bool CanBeStored => _retained && _state != ContentState.Failed;

    // Nothing of it will change any more: readers walk it without the lock.
    private bool IsFrozen => _state == ContentState.Complete && _retained;

    /// <summary>The store's hold; takes over the claim.</summary>
    internal bool TryHold([NotNullWhen(false)] out PutRefusal? why)
    {
        lock (this)
        {
            why = _state == ContentState.Failed ? PutRefusal.ContentIncomplete
                : !_retained ? PutRefusal.ContentNotRetained
                : _holds == 0 ? PutRefusal.ContentReleased
                : null;
            if (why is null) Hold_NeedsLock();
        }

        Settle();
        return why is null;
    }

    /// <summary>Lets go of one hold; the last one returns the blocks.</summary>
    internal void Release()
    {
        ContentSegment? all = null;
        Block only = default;
        int left;
        lock (this)
        {
            left = --_holds;
            if (left == 0) (all, _head, only, _only) = (_head, null, _only, default);
            if (left == 0 && _arrival is { } arrival) arrival.Tail = null;
        }

        if (left == 0) Vanish(all, only);
        else if (left == 1) _store.MayHaveRoom();
    }

    /// <summary>The store's hold, when nothing came of it, is a claim again: those who are to read it without its being stored may not have come yet.</summary>
    internal void Unhold()
    {
        lock (this) _claimed = false;
        if (_state == ContentState.Complete) ArmTimer(); // the end may have come meanwhile, and found it claimed
        else if (_state == ContentState.Failed) Unclaim();
    }

    private void Hold_NeedsLock()
    {
        if (_claimed) _holds++;
        _claimed = true;
    }

    private void Vanish(ContentSegment? segments, Block only)
    {
        _arrival?.Timer?.Dispose();
        _store.Forget(this);
        if (only.Length > 0) _store.Return(only);
        for (; segments is not null; segments = segments.Next) _store.Return(segments.Block);
    }

    // Lets go of the claim, if nobody has taken it over.
    private void Unclaim()
    {
        lock (this)
        {
            if (_claimed) return;
            _claimed = true;
        }

        Settle();
        Release();
    }
}
