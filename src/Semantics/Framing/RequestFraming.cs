namespace Granary.Semantics.Framing;

/// <summary>
/// Follows the requests on one HTTP/1 connection, whatever pieces they arrive in, and finds the first byte that two recipients
/// could read differently. RFC 9112 §2–§7, §11.2. Allocates nothing after construction; not thread-safe.
/// </summary>
public sealed class RequestFraming(FramingLimits limits)
{
    private Phase _phase;
    private FramingViolation _violation;
    private RequestLine _line = new(mayBePreface: true);
    private FieldSection _fields = new(limits.Fields, trailers: false);
    private ChunkedContent _chunked;
    private int _headBytes;
    private long _left;

    private enum Phase : byte { Line, Fields, Length, Chunked, Aside }

    /// <summary>True between the end of a message and the first byte of the next.</summary>
    public bool IsBetweenMessages => _phase == Phase.Line && _headBytes == 0;

    /// <summary>True until the head of the current message has ended.</summary>
    public bool IsInHead => _phase is Phase.Line or Phase.Fields;

    public bool IsAside => _phase == Phase.Aside;

    /// <summary>Of the request whose start line ended last.</summary>
    public bool IsHttp10 { get; private set; }

    /// <summary>Of the request whose start line ended last.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Of the request whose start line ended last.</summary>
    public bool IsConnect { get; private set; }

    /// <summary>Of the request whose head ended last: it had an Upgrade field.</summary>
    public bool AsksUpgrade { get; private set; }

    /// <summary>The protocol was switched, or a tunnel opened: nothing is inspected any more.</summary>
    public void StepAside() => _phase = Phase.Aside;

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
            _ => new(bytes.Length, FramingStep.More),
        };
    }

    private FramingVerdict InspectLine(ReadOnlySpan<byte> bytes)
    {
        var allowed = Allowed(bytes);
        var clean = _line.Read(allowed, out var violation);
        _headBytes += clean;
        if (violation != FramingViolation.None) return Refuse(clean, violation);
        if (!_line.Ended) return Unended(clean, bytes.Length);
        return new(clean, EndLine());
    }

    private FramingStep EndLine()
    {
        (IsHttp10, IsHead, IsConnect) = (_line.IsHttp10, _line.IsHead, _line.IsConnect);
        _phase = _line.IsPreface ? Phase.Aside : Phase.Fields;
        return _line.IsPreface ? FramingStep.SteppedAside : FramingStep.StartLineEnded;
    }

    private FramingVerdict InspectFields(ReadOnlySpan<byte> bytes)
    {
        var allowed = Allowed(bytes);
        var clean = _fields.Read(allowed, out var violation);
        _headBytes += clean;
        if (violation != FramingViolation.None) return Refuse(clean, violation);
        if (!_fields.Ended) return Unended(clean, bytes.Length);
        violation = WhyNotFramed();
        return violation == FramingViolation.None ? new(clean, EndHead()) : Refuse(clean - 1, violation);
    }

    // RFC 9112 §3.2, §6.1, §6.3: in the order of the text.
    private FramingViolation WhyNotFramed() => this switch
    {
        { _fields.HasHost: false, IsHttp10: false } => FramingViolation.MissingHost,
        { _fields: { HasCoding: true, Length.IsPresent: true } } => FramingViolation.LengthWithTransferCoding,
        { _fields.HasCoding: true, IsHttp10: true } => FramingViolation.TransferCodingOnHttp10,
        _ => FramingViolation.None,
    };

    private FramingStep EndHead()
    {
        AsksUpgrade = _fields.HasUpgrade;
        _left = _fields.Length.Value;
        if (_fields.HasCoding) (_phase, _chunked) = (Phase.Chunked, new ChunkedContent(limits, fromOrigin: false));
        else if (_left > 0) _phase = Phase.Length;
        else return EndMessage();
        return FramingStep.HeadEnded;
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
        _phase = Phase.Line;
        _headBytes = 0;
        _line = new RequestLine(mayBePreface: false);
        _fields = new FieldSection(limits.Fields, trailers: false);
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
