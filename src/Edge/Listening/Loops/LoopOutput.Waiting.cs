using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Granary.Edge.Listening.Loops;

/// <summary>Who waits for what to be sent: the writer, while the client is slower than it; whoever closes the connection, until all is sent.</summary>
internal sealed partial class LoopOutput : IValueTaskSource<FlushResult>
{
    private ManualResetValueTaskSourceCore<FlushResult> _flush = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancelling;
    private TaskCompletionSource? _sent;
    private bool _writerWaits;
    private bool _cancelsNext;
    private bool _ends;

    /// <summary>Over when everything up to the end has been sent, or never will be.</summary>
    public Task Sent
    {
        get
        {
            lock (_gate) return IsOver_NeedsGate ? Task.CompletedTask : (_sent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private bool IsOver_NeedsGate => _isBroken || (_ends && _unsentBytes == 0);

    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            if (_writerWaits) Wake_NeedsGate(new FlushResult(isCanceled: true, isCompleted: _isBroken));
            else _cancelsNext = true;
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _cancelling.Dispose();
        _cancelling = default;
        return _flush.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _flush.OnCompleted(continuation, state, token, flags);

    private ValueTask<FlushResult> Outcome_NeedsGate(CancellationToken cancellationToken)
    {
        var isCanceled = _cancelsNext;
        _cancelsNext = false;
        if (isCanceled || _isBroken || _unsentBytes <= MostUnsent) return new ValueTask<FlushResult>(new FlushResult(isCanceled, _isBroken));
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        _flush.Reset();
        _writerWaits = true;
        if (cancellationToken.CanBeCanceled)
            _cancelling = cancellationToken.UnsafeRegister(static (output, token) => ((LoopOutput)output!).Cancel(token), this);
        return new ValueTask<FlushResult>(this, _flush.Version);
    }

    private void Tell_NeedsGate()
    {
        if (_writerWaits && (_isBroken || _unsentBytes <= MostUnsent)) Wake_NeedsGate(new FlushResult(isCanceled: false, isCompleted: _isBroken));
        if (IsOver_NeedsGate) _sent?.TrySetResult();
    }

    private void Wake_NeedsGate(FlushResult result)
    {
        _writerWaits = false;
        _flush.SetResult(result);
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_writerWaits) return;
            _writerWaits = false;
            _flush.SetException(new OperationCanceledException(token));
        }
    }
}
