using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Listening.Loops;

/// <summary>A connection in an <see cref="EventLoop"/>: read and closed by the loop alone, written to by whoever answers.</summary>
internal sealed partial class LoopConnection : ConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature
{
    private static long _made;

    /// <summary>What waits at the end, at the slowest rate that clients may read at by default.</summary>
    private static readonly TimeSpan LongestSending = TimeSpan.FromMinutes(5);

    private readonly EventLoop _loop;
    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly int _descriptor;
    private readonly Pipe _input;
    private readonly LoopOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDictionary<object, object?>? _items;
    private string? _id;
    private GCHandle _watched;
    private ConnectionAbortedException? _aborted;
    private bool _isClosed;

    public LoopConnection(EventLoop loop, Socket socket, TimeProvider clock)
    {
        (_loop, _socket, _clock, _descriptor) = (loop, socket, clock, (int)socket.SafeHandle.DangerousGetHandle());
        var turns = new LoopTurns();
        _input = new Pipe(new PipeOptions(loop.Pool, turns, PipeScheduler.Inline, MostUnread, MostUnread / 2, minimumSegmentSize: BlockBytes, useSynchronizationContext: false));
        _output = new LoopOutput(_descriptor, loop.Pool);
        Transport = new Ends(_input.Reader, _output);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionClosed = _closed.Token;
        Features = FeaturesOf(turns);
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get => _id ??= $"L{Interlocked.Increment(ref _made):x}"; set => _id = value; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items { get => _items ??= new ConnectionItems(); set => _items = value; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public Socket Socket => _socket;

    public MemoryPool<byte> MemoryPool => _loop.Pool;

    /// <summary>Lets its events come.</summary>
    public void Begin() => _watched = _loop.Watch(this, _descriptor);

    /// <summary>Ends both ways at once: what has not been sent never will be, and the client sees that this is not the end (P4).</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.CompareExchange(ref _aborted, abortReason, null) is not null) return;
        _output.Break();
        _loop.Post(static connection => connection.Close(), this);
    }

    /// <summary>What is written is sent first, as fast as the client takes it.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.CompleteAsync();
        await _output.Sent.WaitAsync(LongestSending, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // then the rest is not wanted
        if (!_output.Sent.IsCompleted) Abort(new ConnectionAbortedException("The client does not take the end of its answer."));
        _loop.Post(static connection => connection.Close(), this);
        await _over.Task;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private FeatureCollection FeaturesOf(LoopTurns turns)
    {
        var features = new FeatureCollection(12);
        features.Set<IConnectionSocketFeature>(this);
        features.Set<IMemoryPoolFeature>(this);
        features.Set<IConnectionIdFeature>(this);
        features.Set<IConnectionItemsFeature>(this);
        features.Set<IConnectionTransportFeature>(this);
        features.Set<IConnectionLifetimeFeature>(this);
        features.Set<IConnectionEndPointFeature>(this);
        features.Set(turns);
        features.Set<ILending>(_output);
        return features;
    }

    // In the loop's own thread.
    private void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        _loop.Forget(_watched, _descriptor);
        _output.Break();
        EndInput(_aborted);
        if (_aborted is null) Shutdown();
        _socket.Close(timeout: _aborted is null ? -1 : 0); // 0 resets it
        _over.SetResult();
    }

    private void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client was faster.
        }
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
