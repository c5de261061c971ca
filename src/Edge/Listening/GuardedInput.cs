using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Granary.Edge.Listening.Repeats;
using Granary.Semantics.Framing;
using Microsoft.AspNetCore.Http;

namespace Granary.Edge.Listening;

/// <summary>
/// What Kestrel reads: the bytes of the client up to the first violation, and never beyond the end of the request under way.
/// So Kestrel meets a head's last byte only after the whole head was found clean; the next request only after it took this one whole,
/// and, since it reads on only between requests, after the answers before it are flushed. Should Kestrel ever cut a message otherwise
/// than we do, it would wait for bytes that do not come; it could not take content for a request.
/// No byte is copied: the inner reader's sequence is sliced. A request that came before byte for byte may be answered before it is shown at all.
/// </summary>
internal sealed partial class GuardedInput(PipeReader inner, GuardedOutput output, StrictHttp1 guard, string connectionId, RepeatedRequests? repeats = null) : PipeReader
{
    private readonly RequestFraming _framing = new(guard.Limits);
    private ReadOnlySequence<byte> _buffer;
    private long _shown;       // clean bytes, counted from the start of the buffer
    private long _examined;    // of the shown ones, those Kestrel has examined
    private bool _ended = true; // the shown bytes end with a message
    private FramingViolation _violation;
    private Exception? _refused;

    // Everything before the violation has been seen by Kestrel, and it asks for more.
    private bool IsDue => _violation != FramingViolation.None && _shown == _examined;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_ended) repeats?.LetGo();
        while (!IsDue)
        {
            var read = inner.ReadAsync(cancellationToken);
            if (!read.IsCompletedSuccessfully) return ReadOn(read, cancellationToken);
            var result = read.Result;
            if (IsRepeated(result, out var sent))
            {
                if (!sent.IsCompletedSuccessfully) return ReadAfter(sent, cancellationToken);
                _ = sent.Result;
            }
            else if (Shows(result, out var shown)) return new ValueTask<ReadResult>(shown);
        }

        return Refuse();
    }

    public override bool TryRead(out ReadResult result)
    {
        result = default;
        return !IsDue && inner.TryRead(out var read) && Shows(read, out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_framing.IsAside || _shown > 0)
        {
            var taken = Offset(consumed);
            _examined = Math.Max(Offset(examined) - taken, 0);
            _shown -= taken;
        }

        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        inner.CancelPendingRead();
        repeats?.Cancel();
        if (_violation != FramingViolation.None) output.CancelPendingFlush();
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadOn(ValueTask<ReadResult> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await read;
            if (IsRepeated(result, out var sent))
            {
                if (sent.IsCompletedSuccessfully) _ = sent.Result;
                else await repeats!.Wait(sent);
            }
            else if (Shows(result, out var shown)) return shown;
            if (IsDue) return await Refuse();
            read = inner.ReadAsync(cancellationToken);
        }
    }

    /// <summary>False if there is nothing new to show; then the inner read is given back and the next one waits for more.</summary>
    private bool Shows(ReadResult read, out ReadResult shown)
    {
        shown = read;
        _buffer = read.Buffer;
        if (output.HasSwitchedProtocols) _framing.StepAside();
        if (_framing.IsAside && _shown == 0) return true;
        InspectMore();
        var news = _shown > _examined;
        if (!news && (IsDue || !(read.IsCanceled || read.IsCompleted)))
        {
            inner.AdvanceTo(_buffer.Start, _buffer.End);
            return false;
        }

        shown = new ReadResult(_buffer.Slice(0, _shown), read.IsCanceled, read.IsCompleted && (!news || _shown == _buffer.Length));
        return true;
    }

    private void InspectMore()
    {
        if (_violation != FramingViolation.None || (_ended && _shown > 0)) return;
        if (_ended && !_buffer.IsEmpty) BeginRequest();
        if (_buffer.IsSingleSegment) InspectMore(_buffer.FirstSpan[(int)_shown..]);
        else
            foreach (var segment in _buffer.Slice(_shown))
                InspectMore(segment.Span);
    }

    private void InspectMore(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_ended && _violation == FramingViolation.None)
        {
            var verdict = _framing.Inspect(bytes);
            _shown += verdict.Clean;
            bytes = bytes[verdict.Clean..];
            Note(verdict);
        }
    }

    private void Note(FramingVerdict verdict)
    {
        switch (verdict.Step)
        {
            case FramingStep.Refused: _violation = verdict.Violation; break;
            case FramingStep.HeadEnded: EndHead(); break;
            case FramingStep.MessageEnded: EndMessage(); break;
        }
    }

    private void BeginRequest()
    {
        _ended = false;
        output.BeginRequest();
    }

    private void EndMessage()
    {
        _ended = true;
        EndHead();
    }

    private void EndHead() => output.EndRequestHead(_framing.IsHttp10, _framing.AsksUpgrade);

    private long Offset(SequencePosition position) => _buffer.GetOffset(position) - _buffer.GetOffset(_buffer.Start);

    /// <summary>
    /// In a head: we answer, and end Kestrel's reading with an exception for which it writes nothing. In content: the reader of the
    /// content gets Kestrel's own exception, so no clean end is ever seen and Kestrel answers 400 if no answer has begun.
    /// </summary>
    private async ValueTask<ReadResult> Refuse()
    {
        if (_refused is not null) throw _refused;
        guard.Report(connectionId, _violation);
        if (!_framing.IsInHead) throw _refused = new BadHttpRequestException(_violation.InWords());
        _refused = new RequestRefusedException(_violation);
        await output.Refuse(guard.Answer(_violation));
        DropWhatCame();
        throw _refused;
    }

    /// <summary>Unread bytes at the close would make the kernel reset the connection and take the answer away from the client. RFC 9112 §9.6.</summary>
    private void DropWhatCame()
    {
        while (inner.TryRead(out var read))
        {
            inner.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled) return;
        }
    }
}
