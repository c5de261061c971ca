using System.Buffers;
using System.IO.Pipelines;
using Granary.Edge.Listening.Loops;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Listening.Repeats;

/// <summary>
/// The requests of one connection whose heads came before, byte for byte: (1) between requests, a head that has come whole  (2) is known, and answered at once; Kestrel sees nothing of it  (3) or is read, and kept meanwhile
/// if it comes often, so that whoever answers can make it known. A feature of the connection, absent elsewhere.
/// </summary>
internal sealed class RepeatedRequests(IRepeats repeats, object listener, ConnectionContext connection, PipeWriter output, TimeSpan idle, TimeProvider clock)
{
    /// <summary>Longer heads have much of their client in them, and are always read. Bytes.</summary>
    public const int Longest = 1024;

    private readonly long _readsAgain = (long)(clock.TimestampFrequency * Math.Min(idle.TotalSeconds / 8, 10));
    private byte[]? _kept;
    private int _length;
    private ulong _hash;
    private long _read;
    private volatile bool _isAnswering;
    private volatile bool _isCanceled;

    /// <summary>Takes stored bytes without a copy; null where the transport cannot.</summary>
    public ILending? Lending { get; } = connection.Features.Get<ILending>();

    public PipeWriter Output => output;

    /// <summary>When the head came that is answered now, as the clock counts.</summary>
    public long Arrived { get; private set; }

    /// <summary>The head of the request that is being answered; false if it was not kept.</summary>
    public bool TryGetHead(out ArrivedHead head)
    {
        head = _kept is null ? default : new ArrivedHead(_kept.AsSpan(0, _length), _hash, listener);
        return _kept is not null;
    }

    /// <param name="bytes">What came after the end of the request before.</param>
    /// <returns>How many of the bytes are answered; 0: they are to be read.</returns>
    public int TryAnswer(ReadOnlySpan<byte> bytes, out ValueTask<FlushResult> sent)
    {
        sent = default;
        var length = bytes[..Math.Min(bytes.Length, Longest)].IndexOf("\r\n\r\n"u8) + 4;                   // (1)
        if (length < 4) return 0;
        var head = new ArrivedHead(bytes[..length], repeats.HashOf(bytes[..length]), listener);
        Arrived = clock.GetTimestamp();
        // Kestrel ends connections on which it sees nothing for long.
        if (Arrived - _read < _readsAgain && repeats.TryAnswer(head, this, out sent)) return length;       // (2)
        _read = Arrived;
        if (repeats.IsWorthKeeping(head.Hash)) Keep(head);                                                 // (3)
        return 0;
    }

    /// <summary>Kestrel waits no longer for the next request: neither does an answer for its client.</summary>
    public void Cancel()
    {
        _isCanceled = true;
        Interlocked.MemoryBarrier();
        if (_isAnswering) output.CancelPendingFlush();
    }

    /// <summary>Kestrel has been told so.</summary>
    public void Canceled() => _isCanceled = false;

    /// <summary>Waits until the client has taken enough of the answer.</summary>
    public async ValueTask Wait(ValueTask<FlushResult> sent)
    {
        _isAnswering = true;
        Interlocked.MemoryBarrier();
        if (_isCanceled) output.CancelPendingFlush(); // it came between
        var result = await sent;
        _isAnswering = false;
        if (result.IsCanceled) Abort("The client does not take its answer.");
    }

    /// <summary>What is missing of an answer will never be sent, and the client must not take it for whole (P4).</summary>
    public void Abort(string why) => connection.Abort(new ConnectionAbortedException(why));

    /// <summary>The request has been answered.</summary>
    public void LetGo()
    {
        if (_kept is null) return;
        ArrayPool<byte>.Shared.Return(_kept);
        _kept = null;
    }

    private void Keep(in ArrivedHead head)
    {
        _kept = ArrayPool<byte>.Shared.Rent(Longest);
        head.Bytes.CopyTo(_kept);
        (_length, _hash) = (head.Bytes.Length, head.Hash);
    }
}
