using System.IO.Pipelines;
using Granary.Semantics.Fields;

namespace Granary.Edge.Listening;

/// <summary>
/// What Kestrel writes to. It looks at the first bytes of each response to know when the final one has begun, which ends the time
/// for interim responses, and whether it switches protocols. After those bytes it only passes calls on.
/// Kestrel writes its own 100 (Continue) from the reader of the content, beside the application: the gate keeps both apart.
/// </summary>
internal sealed class GuardedOutput(PipeWriter inner) : PipeWriter, IInterimResponseFeature
{
    private readonly Lock _gate = new();
    private ResponseStart _start;
    private Memory<byte> _lent;
    private Task<FlushResult>? _interimFlush;
    private long _request;
    private bool _watching;
    private bool _mayHint;
    private bool _asksUpgrade;
    private volatile bool _switched;

    public bool HasSwitchedProtocols => _switched;

    public bool CanSend => CanSendFor(_request);

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>The first byte of a request came; all answers before are written.</summary>
    public void BeginRequest()
    {
        lock (_gate)
        {
            _request++;
            (_watching, _mayHint, _lent, _start) = (true, false, default, default);
        }
    }

    public void EndRequestHead(bool isHttp10, bool asksUpgrade)
    {
        // RFC 9110 §15.2: no 1xx to an HTTP/1.0 client.
        lock (_gate) (_mayHint, _asksUpgrade) = (!isHttp10, asksUpgrade);
    }

    /// <summary>The connection is over. A fetch may live longer than its client and must not write to a pipe that was given back.</summary>
    public void End() => BeginRequest();

    public async ValueTask Refuse(ReadOnlyMemory<byte> answer) => await inner.WriteAsync(answer);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!_watching) return inner.GetMemory(sizeHint);
        lock (_gate) return _lent = inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => _watching ? GetMemory(sizeHint).Span : inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (_watching) AdvanceWatched(bytes);
        else inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _interimFlush is { IsCompleted: false } earlier ? FlushAfter(earlier, cancellationToken) : inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public ValueTask SendAsync(int status, FieldLines fields, CancellationToken cancellationToken) =>
        Send(_request, status, fields, cancellationToken);

    public IInterimResponseFeature ForThisRequest() => new OneRequest(this, _request);

    private void AdvanceWatched(int bytes)
    {
        lock (_gate)
        {
            var status = _start.Read(_lent.Span[..Math.Min(bytes, _lent.Length)]);
            if (status > 0) _watching = false;
            if (status == 101 && _asksUpgrade) _switched = true;
            _lent = default;
            inner.Advance(bytes);
        }
    }

    private async ValueTask<FlushResult> FlushAfter(Task<FlushResult> earlier, CancellationToken cancellationToken)
    {
        await earlier.WaitAsync(cancellationToken);
        return await inner.FlushAsync(cancellationToken);
    }

    private bool CanSendFor(long request)
    {
        lock (_gate) return CanSend_NeedsGate(request);
    }

    // Not while Kestrel holds memory: both would write into the same. Not while an earlier one waits: a client that does not read gets no more.
    private bool CanSend_NeedsGate(long request) =>
        request == _request && _mayHint && _watching && !_start.HasBegun && _lent.IsEmpty && _interimFlush is null or { IsCompleted: true };

    private ValueTask Send(long request, int status, FieldLines fields, CancellationToken cancellationToken)
    {
        if (status is < 102 or > 199) throw new ArgumentOutOfRangeException(nameof(status), status, "Give an interim status from 102 to 199.");
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        var head = InterimHead.Write(status, fields);
        lock (_gate)
            if (CanSend_NeedsGate(request)) Write_NeedsGate(head);
        return ValueTask.CompletedTask;
    }

    private void Write_NeedsGate(ReadOnlySpan<byte> head)
    {
        head.CopyTo(inner.GetSpan(head.Length));
        inner.Advance(head.Length);
        var flush = inner.FlushAsync();
        _interimFlush = flush.IsCompletedSuccessfully ? Done(flush) : flush.AsTask();
    }

    private static Task<FlushResult>? Done(ValueTask<FlushResult> flush)
    {
        _ = flush.Result; // A value task is to be read once.
        return null;
    }

    private sealed class OneRequest(GuardedOutput output, long request) : IInterimResponseFeature
    {
        public bool CanSend => output.CanSendFor(request);

        public ValueTask SendAsync(int status, FieldLines fields, CancellationToken cancellationToken) =>
            output.Send(request, status, fields, cancellationToken);

        public IInterimResponseFeature ForThisRequest() => this;
    }
}
