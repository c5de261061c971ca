using System.IO.Pipelines;

namespace Granary.Edge.Listening.Loops;

/// <summary>How bytes go out. What changes here changes under the gate.</summary>
internal sealed partial class LoopOutput
{
    /// <summary>What may wait for the client before the writer has to, in bytes: as much as Kestrel lets wait.</summary>
    private const long MostUnsent = 64 << 10;

    /// <summary>Pieces in one gathered write.</summary>
    private const int PiecesAtOnce = 16;

    private readonly Lock _gate = new();
    private readonly List<Piece> _unsent = [];
    private int _first;    // of the unsent: those before it are sent
    private int _sentOfIt; // of the first, in bytes
    private long _unsentBytes;
    private volatile bool _isBroken;

    /// <summary>The client was found to be gone, which is told once: whoever reads may see a plain end.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>The socket takes bytes again. In the loop's own thread.</summary>
    public void GoOn()
    {
        // Counted before it is sent: who is told by the kernel that there is room again sees it.
        if (Volatile.Read(ref _unsentBytes) == 0) return;
        lock (_gate)
        {
            Send_NeedsGate();
            Tell_NeedsGate();
        }
    }

    /// <summary>Nothing can be sent any more, or is to be.</summary>
    public void Break()
    {
        lock (_gate)
        {
            Break_NeedsGate();
            Tell_NeedsGate();
        }
    }

    private ValueTask<FlushResult> Send(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Add_NeedsGate();
            return Outcome_NeedsGate(cancellationToken);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            Add_NeedsGate();
            _ends = true;
            Tell_NeedsGate();
        }
    }

    private bool IsKeptWithUnsent(IDisposable held)
    {
        lock (_gate)
        {
            if (_first == _unsent.Count) return false;
            _unsent.Add(new Piece(default, held));
            return true;
        }
    }

    private void Add_NeedsGate()
    {
        var mustWait = _unsentBytes > 0;
        _unsent.AddRange(_written);
        _written.Clear();
        Volatile.Write(ref _unsentBytes, _unsentBytes + _unflushed);
        _unflushed = 0;
        if (_isBroken) Break_NeedsGate();
        else if (!mustWait) Send_NeedsGate();
    }

    private void Send_NeedsGate()
    {
        Span<Kernel.Stretch> stretches = stackalloc Kernel.Stretch[PiecesAtOnce];
        while (_first < _unsent.Count)
        {
            var count = Math.Min(PiecesAtOnce, _unsent.Count - _first);
            for (var i = 0; i < count; i++) stretches[i] = _unsent[_first + i].From(i == 0 ? _sentOfIt : 0);
            var sent = Kernel.Send(descriptor, stretches[..count]);
            if (sent >= 0) Take_NeedsGate(sent);
            else if (Kernel.LastError == Kernel.Again) return;
            else if (Kernel.LastError != Kernel.Interrupted) Break_NeedsGate();
        }

        _unsent.Clear();
        _first = 0;
    }

    // A short write is followed by another that finds no room: so the kernel owes an event.
    private void Take_NeedsGate(long sent)
    {
        Volatile.Write(ref _unsentBytes, _unsentBytes - sent);
        for (; _first < _unsent.Count && _unsent[_first].Length - _sentOfIt <= sent; _first++)
        {
            sent -= _unsent[_first].Length - _sentOfIt;
            _unsent[_first].Release();
            _sentOfIt = 0;
        }

        _sentOfIt += (int)sent;
    }

    private void Break_NeedsGate()
    {
        _isBroken = true;
        for (; _first < _unsent.Count; _first++) _unsent[_first].Release();
        _unsent.Clear();
        (_first, _sentOfIt) = (0, 0);
        Volatile.Write(ref _unsentBytes, 0);
    }
}
