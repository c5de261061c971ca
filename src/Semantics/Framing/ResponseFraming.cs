namespace Granary.Semantics.Framing;

/// <summary>How the content of a response was delimited. RFC 9112 §6.3.</summary>
public enum ContentDelimiter : byte { None, Length, Chunked, Close }

/// <summary>
/// Follows the responses on one HTTP/1 connection, each announced by <see cref="Expect"/>, and finds the first byte that cannot belong
/// to them. RFC 9112 §4–§7, §9.2, §11.1. Allocates nothing after construction; not thread-safe.
/// </summary>
public sealed class ResponseFraming(FramingLimits limits)
{
    private Phase _phase;
    private FramingViolation _violation;
    private StatusLine _line;
    private FieldSection _fields = new(limits.Fields, trailers: false);
    private ChunkedContent _chunked;
    private int _headBytes;
    private int _interims;
    private int _interimBytes;
    private long _left;
    private bool _head;
    private bool _connect;

    private enum Phase : byte { Idle, Line, Fields, Length, Chunked, UntilClose, Aside }

    /// <summary>True while no response is due: then any byte is one too many.</summary>
    public bool IsIdle => _phase == Phase.Idle;

    public bool IsAside => _phase == Phase.Aside;

    /// <summary>True once the final response began, its first byte at least, and until it ended.</summary>
    public bool IsUnderWay => _phase is Phase.Fields or Phase.Length or Phase.Chunked or Phase.UntilClose || (_phase == Phase.Line && _headBytes > 0);

    /// <summary>The status in the status line that ended last.</summary>
    public int Status { get; private set; }

    /// <summary>Of the final response whose head ended last.</summary>
    public ContentDelimiter DelimitedBy { get; private set; }

    /// <summary>The request asked for another protocol, so 101 is an answer to it. RFC 9110 §15.2.2.</summary>
    public bool UpgradeAsked { get; set; }

    /// <summary>A request was sent; its response is due. Only one at a time.</summary>
    public void Expect(bool head, bool connect)
    {
        (_head, _connect, UpgradeAsked) = (head, connect, false);
        _interims = _interimBytes = 0;
        BeginHead();
    }

    /// <summary>Inspects bytes that follow those found clean before, up to the next boundary.</summary>
    public FramingVerdict Inspect(ReadOnlySpan<byte> bytes)
    {
        if (_violation != FramingViolation.None) return new(0, FramingStep.Refused, _violation);
        return _phase switch
        {
            Phase.Line => InspectLine(bytes),
            Phase.Fields => InspectFields(bytes),
            Phase.Length => InspectLength(bytes),
            Phase.Chunked => InspectChunked(bytes),
            Phase.Idle when bytes.Length > 0 => Refuse(0, FramingViolation.ExtraBytes),
            _ => new(bytes.Length, FramingStep.More),
        };
    }

    /// <summary>The origin closed. True if the response is complete by that: its content had no other end. RFC 9112 §6.3 rule 8.</summary>
    public bool EndsByClose()
    {
        if (_phase != Phase.UntilClose) return false;
        _phase = Phase.Idle;
        return true;
    }

    private FramingVerdict InspectLine(ReadOnlySpan<byte> bytes)
    {
        var clean = _line.Read(Allowed(bytes), out var violation);
        _headBytes += clean;
        if (violation != FramingViolation.None) return Refuse(clean, violation);
        if (!_line.Ended) return Unended(clean, bytes.Length);
        (_phase, Status) = (Phase.Fields, _line.Status);
        return new(clean, FramingStep.StartLineEnded);
    }

    private FramingVerdict InspectFields(ReadOnlySpan<byte> bytes)
    {
        var clean = _fields.Read(Allowed(bytes), out var violation);
        _headBytes += clean;
        if (violation != FramingViolation.None) return Refuse(clean, violation);
        if (!_fields.Ended) return Unended(clean, bytes.Length);
        violation = WhyNotFramed();
        if (violation == FramingViolation.None && Status < 200) violation = WhyNotInterim();
        return violation == FramingViolation.None ? new(clean, EndHead()) : Refuse(clean - 1, violation);
    }

    private FramingViolation WhyNotFramed() => this switch
    {
        { _fields: { HasCoding: true, Length.IsPresent: true } } => FramingViolation.LengthWithTransferCoding, // RFC 9112 §6.3 rule 3
        { _fields.HasCoding: true, _line.IsHttp10: true } => FramingViolation.TransferCodingOnHttp10,          // §6.1
        { Status: 101, UpgradeAsked: false } => FramingViolation.UnaskedSwitchingProtocols,
        _ => FramingViolation.None,
    };

    private FramingViolation WhyNotInterim()
    {
        if (++_interims > limits.InterimResponses) return FramingViolation.TooManyInterimResponses;
        _interimBytes += _headBytes;
        return _interimBytes > limits.InterimBytes ? FramingViolation.InterimResponsesTooLarge : FramingViolation.None;
    }

    // RFC 9112 §6.3: in the order of the text.
    private FramingStep EndHead() => this switch
    {
        { Status: 101 } => StepAside(),
        { Status: < 200 } => EndInterim(),
        { _connect: true, Status: < 300 } => StepAside(),
        { _head: true } or { Status: 204 or 304 } => Delimit(ContentDelimiter.None, Phase.Idle),
        { _fields.HasCoding: true } => Delimit(ContentDelimiter.Chunked, Phase.Chunked),
        { _fields.Length: { IsPresent: true, Value: 0 } } => Delimit(ContentDelimiter.Length, Phase.Idle),
        { _fields.Length.IsPresent: true } => Delimit(ContentDelimiter.Length, Phase.Length),
        _ => Delimit(ContentDelimiter.Close, Phase.UntilClose),
    };

    private FramingStep Delimit(ContentDelimiter delimiter, Phase phase)
    {
        (DelimitedBy, _phase, _left) = (delimiter, phase, _fields.Length.Value);
        if (phase == Phase.Chunked) _chunked = new ChunkedContent(limits, fromOrigin: true);
        return phase == Phase.Idle ? FramingStep.MessageEnded : FramingStep.HeadEnded;
    }

    private FramingStep EndInterim()
    {
        BeginHead();
        return FramingStep.InterimEnded;
    }

    private FramingStep StepAside()
    {
        _phase = Phase.Aside;
        return FramingStep.SteppedAside;
    }

    private void BeginHead()
    {
        _phase = Phase.Line;
        _headBytes = 0;
        _line = default;
        _fields = new FieldSection(limits.Fields, trailers: false);
    }

    private FramingVerdict InspectLength(ReadOnlySpan<byte> bytes)
    {
        var clean = (int)Math.Min(bytes.Length, _left);
        _left -= clean;
        return new(clean, _left == 0 ? EndMessage() : FramingStep.More);
    }

    private FramingVerdict InspectChunked(ReadOnlySpan<byte> bytes)
    {
        var clean = _chunked.Read(bytes, out var violation);
        if (violation != FramingViolation.None) return Refuse(clean, violation);
        return new(clean, _chunked.Ended ? EndMessage() : FramingStep.More);
    }

    private FramingStep EndMessage()
    {
        _phase = Phase.Idle;
        return FramingStep.MessageEnded;
    }

    private ReadOnlySpan<byte> Allowed(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, limits.HeadBytes - _headBytes)];

    private FramingVerdict Unended(int clean, int offered) =>
        clean < offered ? Refuse(clean, FramingViolation.HeadTooLarge) : new(clean, FramingStep.More);

    private FramingVerdict Refuse(int clean, FramingViolation violation)
    {
        _violation = violation;
        return new(clean, FramingStep.Refused, violation);
    }
}
