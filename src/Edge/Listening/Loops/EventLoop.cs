using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Granary.Edge.Listening.Loops;

/// <summary>
/// One thread that waits for many sockets, reads what has come, and lets those who have asked for it go on in its own turn: so a request that is answered at once costs no other thread. Whoever goes on here must neither
/// wait nor work for long (<see cref="LoopTurns"/>).
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int EventsAtOnce = 256;

    private readonly int _poll = Kernel.OpenPoll();
    private readonly int _bell = Kernel.OpenBell();
    private readonly ConcurrentQueue<(Action<LoopConnection> Do, LoopConnection With)> _posted = new();
    private readonly Thread _thread;
    private readonly Lock _ending = new();
    private int _rung;
    private volatile bool _stops;
    private bool _isOver;

    public EventLoop(int index, MemoryPool<byte> pool)
    {
        Pool = pool;
        Kernel.Watch(_poll, _bell, 0, Kernel.Readable);
        _thread = new Thread(Run) { IsBackground = true, Name = $"granary-loop-{index}" };
        _thread.Start();
    }

    public MemoryPool<byte> Pool { get; }

    /// <returns>To be given back with <see cref="Forget"/>.</returns>
    public GCHandle Watch(LoopConnection connection, int descriptor)
    {
        var handle = GCHandle.Alloc(connection);
        Kernel.Watch(_poll, descriptor, GCHandle.ToIntPtr(handle));
        return handle;
    }

    /// <summary>Only in what was posted: then no event of this connection is still to be handled.</summary>
    public void Forget(GCHandle handle, int descriptor)
    {
        lock (_ending)
            if (!_isOver) Kernel.Forget(_poll, descriptor);
        handle.Free();
    }

    /// <summary>Does it in the loop's own thread, after the events at hand.</summary>
    public void Post(Action<LoopConnection> action, LoopConnection connection)
    {
        _posted.Enqueue((action, connection));
        if (Interlocked.Exchange(ref _rung, 1) == 1 && !_stops) return;
        lock (_ending)
            if (!_isOver)
            {
                Kernel.Ring(_bell);
                return;
            }

        DoPosted(); // a connection that has outlived its server
    }

    public void Dispose()
    {
        if (_stops) return;
        _stops = true;
        Kernel.Ring(_bell);
        _thread.Join();
        lock (_ending)
        {
            // Their numbers may be given to others now.
            _isOver = true;
            Kernel.Close(_poll);
            Kernel.Close(_bell);
        }

        DoPosted();
        Pool.Dispose();
    }

    private void Run()
    {
        Kernel.Yield(); // on a busy core several connections are read in one turn, not each by stopping who works for another
        var events = (byte*)NativeMemory.Alloc(EventsAtOnce, (nuint)Kernel.EventBytes);
        while (!_stops)
        {
            var count = Kernel.Wait(_poll, events, EventsAtOnce);
            for (var i = 0; i < count; i++) Handle(Kernel.Event(events, i));
            DoPosted();
        }

        DoPosted();
        NativeMemory.Free(events);
    }

    // What posts itself again waits for the events that have come meanwhile.
    private void DoPosted()
    {
        for (var left = _posted.IsEmpty ? 0 : _posted.Count; left > 0 && _posted.TryDequeue(out var posted); left--) posted.Do(posted.With);
    }

    private void Handle((uint Events, nint Token) happened)
    {
        if (happened.Token != 0)
        {
            ((LoopConnection)GCHandle.FromIntPtr(happened.Token).Target!).Handle(happened.Events);
            return;
        }

        Kernel.Silence(_bell);
        Volatile.Write(ref _rung, 0); // what is posted from now on rings again; what was before is taken now
    }
}
