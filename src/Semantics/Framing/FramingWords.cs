namespace Granary.Semantics.Framing;

/// <summary>A violation in plain words; never a byte of what the peer sent.</summary>
public static class FramingWords
{
    /// <summary>One sentence without a full stop, for an error text or a log.</summary>
    public static string InWords(this FramingViolation violation) => violation switch
    {
        FramingViolation.None => "nothing is wrong",
        FramingViolation.RequestLineNotValid => "the request line is not 'method SP target SP version'",
        FramingViolation.HttpVersionNotSupported => "this HTTP version is not supported here",
        FramingViolation.StatusLineNotValid => "the status line is not 'version SP status SP reason'",
        FramingViolation.StatusOutOfRange => "the status code is below 100",
        FramingViolation.LoneLineFeed => "a line ends in LF without CR",
        FramingViolation.BareCarriageReturn => "a CR is not followed by LF",
        FramingViolation.NulInField => "a field contains a NUL byte",
        FramingViolation.ControlByteInFieldName => "a field name contains a control byte",
        FramingViolation.FieldNameNotValid => "a field name is not a token",
        FramingViolation.ControlByteInFieldValue => "a field value contains a control byte",
        FramingViolation.FieldWithoutColon => "a field line has no colon",
        FramingViolation.WhitespaceBeforeColon => "whitespace stands before the colon of a field line",
        FramingViolation.WhitespaceBeforeFirstField => "whitespace stands before the first field line",
        FramingViolation.ObsoleteLineFolding => "a field value is folded over several lines",
        FramingViolation.HeadTooLarge => "the head is too large",
        FramingViolation.TooManyFields => "the head has too many fields",
        FramingViolation.MissingHost => "the Host field is missing",
        FramingViolation.SeveralHosts => "there is more than one Host field",
        FramingViolation.HostNotValid => "the Host field is not a valid host and port",
        FramingViolation.SeveralContentLengths => "there is more than one Content-Length",
        FramingViolation.ContentLengthNotDigits => "Content-Length is not a decimal number",
        FramingViolation.ContentLengthTooLarge => "Content-Length is too large",
        FramingViolation.LengthWithTransferCoding => "Content-Length stands beside Transfer-Encoding",
        FramingViolation.SeveralTransferCodings => "there is more than one Transfer-Encoding field",
        FramingViolation.UnknownTransferCoding => "the transfer coding is not supported",
        FramingViolation.ChunkedNotLast => "the transfer coding is not chunked alone",
        FramingViolation.TransferCodingOnHttp10 => "HTTP/1.0 has no Transfer-Encoding",
        FramingViolation.BadChunkSize => "a chunk size is not a hexadecimal number",
        FramingViolation.ChunkExtensionTooLong => "a chunk extension is too long",
        FramingViolation.BadChunkEnd => "a chunk is not followed by CRLF",
        FramingViolation.TrailerForbidden => "a trailer field may not stand in a trailer section",
        FramingViolation.TrailersTooLarge => "the trailer section is too large",
        FramingViolation.TooManyInterimResponses => "too many interim responses",
        FramingViolation.InterimResponsesTooLarge => "the interim responses are too large",
        FramingViolation.UnaskedSwitchingProtocols => "a switch of protocols that was not asked for",
        FramingViolation.ExtraBytes => "bytes after the end of the response",
        _ => "not valid HTTP/1",
    };
}
