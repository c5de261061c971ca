using System.Net;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>Follows one connection to an origin, both ways: which request is out, and whether what comes back is exactly its response.</summary>
/// <remarks>Reading and writing may run at the same time, an origin may answer before it has the whole request: hence the gate.</remarks>
internal sealed class OriginWire(FramingLimits limits)
{
    private readonly Lock _gate = new();
    private readonly RequestFraming _requests = new(FramingLimits.None);
    private readonly ResponseFraming _responses = new(limits);
    private OriginExchange? _exchange;
    private InterimFields? _interim;
    private FramingViolation _violation;
    private long _sent;      // requests that were begun
    private bool _answering; // bytes came since the last of them was begun
    private int _status;     // of the newest answer to it, interim ones included

    /// <summary>The first violation; from then on no byte passes.</summary>
    public FramingViolation Violation
    {
        get { lock (_gate) return _violation; }
    }

    /// <summary>The request under way is not the first of this connection.</summary>
    public bool IsReused
    {
        get { lock (_gate) return _sent > 1; }
    }

    /// <summary>A request is out, at least its first line, and not a byte has come back.</summary>
    public bool IsAnswerDue
    {
        get { lock (_gate) return !_answering && !_responses.IsIdle && !_responses.IsAside; }
    }

    /// <summary>The origin has said no, or that it wants something else: it does not need the rest of the request (RFC 9112 §9.3).</summary>
    public bool IsTurnedDown
    {
        get { lock (_gate) return _status >= 300; }
    }

    /// <summary>No answer is due, nor under way.</summary>
    public bool IsAnswered
    {
        get { lock (_gate) return _responses.IsIdle; }
    }

    public bool IsBetweenRequests
    {
        get { lock (_gate) return _requests.IsBetweenMessages; }
    }

    /// <summary>Follows bytes of a request on their way out: our own stack must not write anything ambiguous either.</summary>
    public FramingViolation Written(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_requests.IsBetweenMessages) _exchange = OriginExchange.Current;
            while (!bytes.IsEmpty && !_responses.IsAside && _violation == FramingViolation.None)
            {
                var verdict = _requests.Inspect(bytes);
                bytes = bytes[verdict.Clean..];
                Announce(verdict);
            }

            return _violation;
        }
    }

    /// <summary>Follows bytes of a response on their way in, and gives how many of them may be passed on.</summary>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var clean = 0;
            _answering = true;
            while (clean < bytes.Length && _violation == FramingViolation.None)
            {
                var verdict = _responses.Inspect(bytes[clean..]);
                Note(verdict, bytes.Slice(clean, verdict.Clean));
                clean += verdict.Clean;
            }

            return clean;
        }
    }

    /// <summary>The origin closed. Whether a length or a last chunk is missing, the HTTP client sees for itself.</summary>
    public void Closed()
    {
        lock (_gate)
            if (_responses.EndsByClose()) Complete();
    }

    // A response is due as soon as the method is out: an origin may refuse a long head before its end.
    private void Announce(FramingVerdict verdict)
    {
        switch (verdict.Step)
        {
            case FramingStep.StartLineEnded: Expect(); break;
            case FramingStep.HeadEnded or FramingStep.MessageEnded: _responses.UpgradeAsked = _requests.AsksUpgrade; break;
            case FramingStep.Refused: Refuse(verdict.Violation); break;
        }
    }

    private void Expect()
    {
        _sent++;
        (_answering, _status) = (false, 0);
        _responses.Expect(_requests.IsHead, _requests.IsConnect);
    }

    private void Note(FramingVerdict verdict, ReadOnlySpan<byte> clean)
    {
        _interim?.Append(clean);
        if (verdict.Step == FramingStep.StartLineEnded) _status = _responses.Status;
        switch (verdict.Step)
        {
            case FramingStep.StartLineEnded when IsToReport(_responses.Status): _interim = new InterimFields(); break;
            case FramingStep.InterimEnded: ReportInterim(); break;
            case FramingStep.HeadEnded: EndHead(); break;
            case FramingStep.MessageEnded: EndHead(); Complete(); break;
            case FramingStep.Refused: Refuse(verdict.Violation); break;
        }
    }

    // 100 answers our own expectation and goes no further; 101 is a final answer to the HTTP client.
    private bool IsToReport(int status) => status is > 101 and < 200 && _exchange?.OnInterim is not null;

    private void ReportInterim()
    {
        if (_interim is null) return;
        var fields = _interim.Take();
        _interim = null;
        _exchange?.OnInterim?.Invoke(_responses.Status, fields);
    }

    private void EndHead()
    {
        if (_exchange is not null) _exchange.DelimitedBy = _responses.DelimitedBy;
    }

    // An idle connection must not keep the exchange, and what hangs on it, alive.
    private void Complete()
    {
        if (_exchange is not null) _exchange.IsComplete = true;
        _exchange = null;
    }

    private void Refuse(FramingViolation violation)
    {
        _violation = violation;
        if (_exchange is not null) _exchange.Violation = violation;
    }
}
