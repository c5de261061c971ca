using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Granary.Edge.Layer4;

/// <summary>
/// Copies between a client and a destination until both directions have ended. What a client sends is read from Kestrel's pipe.
/// A FIN is handed on behind the last byte, and none is sent that was not received: whatever ends a direction otherwise is a reset for whom it leads to.
/// </summary>
internal sealed class Tunnel : IDisposable
{
    /// <summary>What a stopping process leaves connections to come to their end; the host waits 30 s.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    private const int BufferSize = 32 << 10, MostAtOnce = 128 << 10;

    private readonly PipeReader _input;
    private readonly ClientEnd _client;
    private readonly Socket _destination;
    private readonly ListenerFigures _figures;
    private readonly TimeProvider _clock;
    private readonly IdleWatch _idle;
    private readonly CancellationTokenSource _over = new(); // never disposed: a timer that runs out just then may still cancel it
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _farewell;
    private bool _upHasEnded;
    private bool _downHasEnded;
    private int _end;

    /// <param name="stops">The process is about to stop.</param>
    public Tunnel(PipeReader input, ClientEnd client, Socket destination, TimeSpan idleTimeout, ListenerFigures figures, TimeProvider clock, CancellationToken stops)
    {
        (_input, _client, _destination, _figures, _clock) = (input, client, destination, figures, clock);
        _idle = new IdleWatch(idleTimeout, clock, () => End(TunnelEnd.Idle));
        _stopping = stops.UnsafeRegister(static tunnel => ((Tunnel)tunnel!).Stop(), this);
    }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <param name="first">What the destination is sent before anything of the client.</param>
    public async Task<TunnelEnd> Run(ReadOnlyMemory<byte> first)
    {
        await Task.WhenAll(Up(first), Down());
        var end = (TunnelEnd)Volatile.Read(ref _end);
        if (!_upHasEnded || end is TunnelEnd.ResetByClient) ResetWhenClosed(_destination);
        _destination.Dispose();
        // Where all has been said, the kernel goes on delivering it.
        if (!_downHasEnded || end is TunnelEnd.ResetByDestination) _client.Reset();
        return end;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _farewell?.Dispose();
        _idle.Dispose();
        _destination.Dispose();
    }

    private async Task Up(ReadOnlyMemory<byte> first)
    {
        try
        {
            await Send(_destination, first);
            while (!await Hand(await _input.ReadAsync(_over.Token)))
            {
            }

            _destination.Shutdown(SocketShutdown.Send);
            _upHasEnded = true;
        }
        catch (OperationCanceledException)
        {
            End(TunnelEnd.Stopped); // Kestrel ends what is left when it stops. Else the end is there already.
        }
        catch (IOException)
        {
            End(TunnelEnd.ResetByClient);
        }
        catch (SocketException)
        {
            End(TunnelEnd.ResetByDestination);
        }
    }

    /// <returns>Whether that was all.</returns>
    private async ValueTask<bool> Hand(ReadResult read)
    {
        _idle.Moved();
        if (read.Buffer.IsSingleSegment) await Send(_destination, read.Buffer.First);
        else await SendTogether(read.Buffer);
        BytesIn += read.Buffer.Length;
        _figures.CameIn(read.Buffer.Length);
        _input.AdvanceTo(read.Buffer.End);
        return read.IsCompleted;
    }

    private async Task Down()
    {
        var isReading = true;
        try
        {
            while (true)
            {
                isReading = true;
                await _destination.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _over.Token); // no buffer is held while nothing comes
                using var buffer = MemoryPool<byte>.Shared.Rent(BufferSize);
                for (int read; ; isReading = true)
                {
                    read = await _destination.ReceiveAsync(buffer.Memory, SocketFlags.None, _over.Token);
                    isReading = false;
                    if (read == 0)
                    {
                        await _client.Shutdown();
                        _downHasEnded = true;
                        return;
                    }

                    _idle.Moved();
                    await _client.Send(buffer.Memory[..read], _over.Token);
                    _idle.Moved();
                    BytesOut += read;
                    _figures.WentOut(read);
                    if (read < buffer.Memory.Length) break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end is there already.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            End(isReading ? TunnelEnd.ResetByDestination : TunnelEnd.ResetByClient);
        }
    }

    // Kestrel reads by blocks of 4 KiB. A call to the kernel for each would cost more than copying them.
    private async ValueTask SendTogether(ReadOnlySequence<byte> bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(bytes.Length, MostAtOnce));
        try
        {
            while (!bytes.IsEmpty)
            {
                var next = bytes.Slice(0, Math.Min(bytes.Length, buffer.Length));
                next.CopyTo(buffer);
                await Send(_destination, buffer.AsMemory(0, (int)next.Length));
                bytes = bytes.Slice(next.End);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask Send(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await socket.SendAsync(bytes, SocketFlags.None, _over.Token);
            bytes = bytes[sent..];
            _idle.Moved();
        }
    }

    private void End(TunnelEnd why)
    {
        if (Interlocked.CompareExchange(ref _end, (int)why, (int)TunnelEnd.Closed) == (int)TunnelEnd.Closed) _over.Cancel();
    }

    private void Stop() =>
        _farewell = _clock.CreateTimer(static tunnel => ((Tunnel)tunnel!).End(TunnelEnd.Stopped), this, Farewell, Timeout.InfiniteTimeSpan);

    // Closing without lingering is how a socket resets.
    internal static void ResetWhenClosed(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone: nobody is left to be told.
        }
    }
}
