namespace Granary.Grains.Origin.Wire;

/// <remarks>
/// The HTTP client writes the whole content of a request before it reads. An origin that answers 413 and neither reads on nor closes would let it wait for
/// ever, so while a write waits somebody must read: the client's own read if one is under way (an idle connection is read ahead), else we, into <c>_early</c>.
/// Only an answer that turns the request down ends the writing: with a 2xx the origin may still be taking the content in.
/// </remarks>
public sealed partial class OriginConnection
{
    private readonly CancellationTokenSource _stopsWrites = new();
    private TaskCompletionSource? _turnedDown;
    private Task? _listening;
    private volatile bool _peeking;

    private async Task<bool> IsTurnedDownDuring(Task write)
    {
        if (write.IsCompleted || _wire.IsBetweenRequests && _wire.IsAnswered) return false;
        _turnedDown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_wire.IsTurnedDown) return true; // seen by a read before there was anybody to tell
        if (!_reading && !_peeking && _early.IsEmpty) _listening ??= Listen();
        return await Task.WhenAny(write, _turnedDown.Task).ConfigureAwait(false) != write;
    }

    // The memory that is being written is the caller's again when this returns: so the write must have ended, not merely been given up.
    private async Task Stop(Task write)
    {
        _dropsWrites = true;
        await _stopsWrites.CancelAsync().ConfigureAwait(false);
        await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Listen()
    {
        var early = new byte[16 * 1024];
        try
        {
            _early = early.AsMemory(0, await inner.ReadAsync(early).ConfigureAwait(false));
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // who reads next meets it again
        }

        if (TurnsDown(_early.Span)) _turnedDown!.TrySetResult();
    }

    // It is inspected when it is read; here only what the status line seems to say is asked: HTTP/1.1 4…
    private static bool TurnsDown(ReadOnlySpan<byte> answer) => answer.Length > 9 && answer[8] == ' ' && answer[9] is >= (byte)'3' and <= (byte)'9';

    private async ValueTask<int> ReadAfterListening(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _listening!.WaitAsync(cancellationToken).ConfigureAwait(false);
        _listening = null;
        return await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A read of nothing, which ends when there is something to read.</summary>
    private ValueTask<int> Peek(CancellationToken cancellationToken)
    {
        var read = inner.ReadAsync(Memory<byte>.Empty, cancellationToken);
        return read.IsCompleted ? read : Peeked(read);
    }

    private async ValueTask<int> Peeked(ValueTask<int> read)
    {
        _peeking = true;
        try
        {
            return await read.ConfigureAwait(false);
        }
        finally
        {
            _peeking = false;
        }
    }
}
