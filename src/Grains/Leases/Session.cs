using System.Collections.Immutable;
using Granary.Grains.Members;

namespace Granary.Grains.Leases;

/// <summary>
/// What this silo owes one edge: until when it may reuse what it holds, and what it has still to be told.
/// <para>
/// <b>Time.</b> It runs out one <see cref="LeaseOptions.Duration"/> after the last answer, or with the mandate that this silo had then (decision 0012); the edge counts from before it asked, so it always stops first. What has run out is over for ever. A poll that
/// comes does not renew, only its answer does, and each answer brings all recalls that were not acknowledged. So the edge relies on something recalled no longer than the session lasted when it
/// was recalled, however often it polls after that.
/// </para>
/// <para>
/// <b>Numbers.</b> An edge that shows another number than the current one (it has none yet, it took its session for over, an answer was lost, a poll came late), and one that did not acknowledge in time
/// what would take too much room, gets another number, and with it holds nothing. What was recalled stays owed: an acknowledgement under the new number is one of all that was before it,
/// since the edge let go of everything when it heard that number.
/// </para>
/// </summary>
internal sealed class Session
{
    private const int PerRecall = 64;

    private readonly Lock _gate = new();
    private readonly LeaseOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<long> _another;
    private readonly Queue<(long Position, Recall Recall, int Size)> _waiting = new();
    private readonly HashSet<string> _unsent = new(StringComparer.Ordinal);
    private readonly List<Receipt> _receipts = [];
    private TaskCompletionSource? _poll;
    private long _number;
    private long _until;
    private TimeSpan _span;
    private long _heldUntil = long.MinValue;
    private long _last;
    private long _sent;
    private int _size;
    private bool _isNews = true;
    private bool _isEnding;
    private bool _isOver;

    /// <param name="another">Numbers that no session ever had.</param>
    public Session(string edge, LeaseOptions options, TimeProvider clock, Func<long> another)
    {
        (Edge, _options, _clock, _another, _number) = (edge, options, clock, another, another());
        _until = clock.After(_span = options.Duration);
        Itself = [this];
    }

    public string Edge { get; }

    /// <summary>Alone, for lists of sessions that mostly have one.</summary>
    public Session[] Itself { get; }

    public bool IsOver
    {
        get
        {
            lock (_gate) return IsOver_NeedsLock();
        }
    }

    /// <summary>Until it runs out, unless it is renewed before.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate) return IsOver_NeedsLock() ? TimeSpan.Zero : _clock.GetElapsedTime(_clock.GetTimestamp(), _until);
        }
    }

    /// <summary>A poll has come. One that waits meanwhile is answered at once.</summary>
    /// <returns>What its answer waits for; null: nothing, there is news.</returns>
    public Task? Hear(long number, long acknowledged)
    {
        lock (_gate)
        {
            _poll?.TrySetResult();
            _poll = null;
            if (number == _number) Acknowledge_NeedsLock(acknowledged);
            else if (!_isNews) Renumber_NeedsLock(); // else nobody has heard of the current one yet
            if (_isNews || _waiting.Count > 0 || IsHalfOver_NeedsLock()) return null;
            _poll = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _poll.Task;
        }
    }

    /// <summary>Renews it; null if it is over.</summary>
    /// <param name="mandate">How long this silo may rely on itself: no edge does for longer. Null: for ever.</param>
    public MemberReply.Heard? Answer(TimeSpan? mandate = null)
    {
        lock (_gate)
        {
            if (IsOver_NeedsLock()) return null;
            if (!_isEnding) _until = _clock.After(_span = mandate < _options.Duration ? mandate.Value : _options.Duration);
            (_isNews, _sent) = (false, _last);
            _unsent.Clear();
            return new MemberReply.Heard(_number, _last, [.. _waiting.Select(static one => one.Recall)], _isEnding ? TimeSpan.Zero : _span) { IsMandated = mandate is not null };
        }
    }

    /// <summary>From now on it counts as one that holds something. Before what it will hold is read.</summary>
    /// <returns>False if it is over, or has another number.</returns>
    public bool TryHold(long number)
    {
        lock (_gate)
        {
            if (number != _number || _isEnding || IsOver_NeedsLock()) return false;
            _heldUntil = _clock.After(LeaseOptions.HeldFor);
            return true;
        }
    }

    /// <summary>Recalls URIs; those that wait to be sent anyway are not told twice.</summary>
    /// <returns>Null if it is over: there is nothing to wait for.</returns>
    public Receipt? Recall(IReadOnlyList<string> uris)
    {
        lock (_gate)
        {
            if (IsOver_NeedsLock()) return null;
            ImmutableArray<string> news = [.. uris.Where(_unsent.Add)];
            if (!news.IsEmpty) Add_NeedsLock(new Recall.Uris(news), news.Sum(static uri => uri.Length));
            return Receipt_NeedsLock();
        }
    }

    /// <returns>Null if it is over, or holds nothing.</returns>
    public Receipt? Recall(Recall.Numbered numbered)
    {
        lock (_gate)
        {
            if (IsOver_NeedsLock() || _clock.GetTimestamp() >= _heldUntil) return null;
            Add_NeedsLock(numbered, numbered.Scope is Groups.Scope.Groups groups ? groups.Keys.Sum(static key => key.Length) : 0);
            return Receipt_NeedsLock();
        }
    }

    /// <summary>Tells holders something that nobody waits for.</summary>
    public void Tell(string uri)
    {
        lock (_gate)
        {
            if (!IsOver_NeedsLock() && _unsent.Add(uri)) Add_NeedsLock(new Recall.Uris([uri]), uri.Length);
        }
    }

    /// <summary>It is renewed no longer, and the edge is told to let go of everything.</summary>
    /// <returns>Null if it is over.</returns>
    public Receipt? End()
    {
        lock (_gate)
        {
            if (IsOver_NeedsLock()) return null;
            _isEnding = true;
            LetGo_NeedsLock();
            return Receipt_NeedsLock();
        }
    }

    /// <summary>The edge itself has said that it holds nothing any more.</summary>
    /// <returns>False if it has another number.</returns>
    public bool TryGiveUp(long number)
    {
        lock (_gate)
        {
            if (number != _number) return false;
            _isOver = true;
            _poll?.TrySetResult();
            foreach (var receipt in _receipts) receipt.Acknowledge();
            _receipts.Clear();
            return true;
        }
    }

    public void Forget(Receipt receipt)
    {
        lock (_gate) _receipts.Remove(receipt);
    }

    // Once seen as over it stays so: nobody was waited for.
    private bool IsOver_NeedsLock() => _isOver |= _clock.GetTimestamp() >= _until;

    private bool IsHalfOver_NeedsLock() => _clock.GetElapsedTime(_clock.GetTimestamp(), _until) < _span / 2;

    private void Acknowledge_NeedsLock(long acknowledged)
    {
        acknowledged = Math.Min(acknowledged, _sent);
        while (_waiting.TryPeek(out var first) && first.Position <= acknowledged) _size -= _waiting.Dequeue().Size;
        for (var i = _receipts.Count - 1; i >= 0; i--)
        {
            if (_receipts[i].Position > acknowledged) continue;
            _receipts[i].Acknowledge();
            _receipts.RemoveAt(i);
        }
    }

    private void Add_NeedsLock(Recall recall, int length)
    {
        var size = length + PerRecall;
        if (_size + size > _options.MostWaiting)
        {
            LetGo_NeedsLock();
            return;
        }

        _size += size;
        _waiting.Enqueue((++_last, recall, size));
        _poll?.TrySetResult();
    }

    // The edge forgets all it has by the new number; so what it is to forget need not be listed.
    private void LetGo_NeedsLock()
    {
        _last++;
        _size = 0;
        _waiting.Clear();
        _unsent.Clear();
        Renumber_NeedsLock();
        _poll?.TrySetResult();
    }

    private void Renumber_NeedsLock() => (_number, _isNews) = (_another(), true);

    private Receipt Receipt_NeedsLock()
    {
        var receipt = new Receipt(this, _last, _until);
        _receipts.Add(receipt);
        return receipt;
    }
}
