using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Listening.Loops;

/// <summary>How bytes come in. All of it in the loop's own thread.</summary>
internal sealed partial class LoopConnection
{
    /// <summary>A block, and what one reading takes while little comes.</summary>
    private const int BlockBytes = 4096;

    /// <summary>What one reading takes while much comes, in bytes.</summary>
    private const int ManyBytes = 64 << 10;

    /// <summary>What may lie unread before the client has to wait, in bytes: as with the standard sockets.</summary>
    private const long MostUnread = 1 << 20;

    /// <summary>How often one connection is read before others have their turn.</summary>
    private const int ReadingsInOneTurn = 16;

    private ValueTask<FlushResult> _full;
    private int _next = BlockBytes;
    private bool _isFull;
    private bool _peerEnded;
    private bool _hasEnded;

    public void Handle(uint events)
    {
        if ((events & (Kernel.PeerEnded | Kernel.HungUp | Kernel.Broken)) != 0) _peerEnded = true;
        if ((events & Kernel.Writable) != 0) _output.GoOn();
        if ((events & (Kernel.Readable | Kernel.PeerEnded | Kernel.HungUp | Kernel.Broken)) != 0) Read();
    }

    /// <summary>(1) Reads what has come  (2) shows it, and lets the reader go on  (3) again, if there may be more.</summary>
    private void Read()
    {
        for (var readings = 0; !_isFull && !_hasEnded; readings++)
        {
            if (readings == ReadingsInOneTurn)
            {
                _loop.Post(static connection => connection.Read(), this);
                return;
            }

            var room = _input.Writer.GetMemory(_next);
            var count = Kernel.Receive(_descriptor, room.Span);                        // (1)
            if (count <= 0)
            {
                if (!IsToBeTriedAgain(count, out var isEmpty)) return;
                if (isEmpty) return;
                continue;
            }

            _input.Writer.Advance(count);
            _next = count == room.Length ? ManyBytes : BlockBytes;
            Show();                                                                    // (2)
            if (count < room.Length && !_peerEnded) return;                            // (3) a short reading has taken all: epoll(7)
        }
    }

    private bool IsToBeTriedAgain(int count, out bool isEmpty)
    {
        var error = count == 0 ? 0 : Kernel.LastError;
        isEmpty = error == Kernel.Again;
        if (count < 0 && error is Kernel.Again or Kernel.Interrupted) return true;
        EndInput((Exception?)_aborted ?? (count == 0 && !_output.IsBroken ? null : new ConnectionResetException("The client has reset the connection.")));
        if (count < 0) _output.Break();
        return false;
    }

    private void Show()
    {
        var shown = _input.Writer.FlushAsync();
        if (shown.IsCompletedSuccessfully) Shown(shown.Result);
        else WaitForRoom(shown);
    }

    private void Shown(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled) _hasEnded = true; // nobody reads any more
    }

    private void WaitForRoom(ValueTask<FlushResult> shown)
    {
        (_full, _isFull) = (shown, true);
        shown.GetAwaiter().UnsafeOnCompleted(() => _loop.Post(static connection => connection.HasRoom(), this));
    }

    private void HasRoom()
    {
        if (!_isFull) return;
        _isFull = false;
        Shown(_full.Result);
        Read();
    }

    private void EndInput(Exception? why)
    {
        if (_hasEnded && _closed.IsCancellationRequested) return;
        _hasEnded = true;
        _input.Writer.Complete(why);
        ThreadPool.UnsafeQueueUserWorkItem(static closed => Cancel(closed), _closed, preferLocal: false);
    }

    private static void Cancel(CancellationTokenSource closed)
    {
        try
        {
            closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Everybody has gone already.
        }
    }
}
