using Granary.Semantics.Framing;
using static Granary.Semantics.Framing.FramingViolation;

namespace Granary.Semantics.Tests.Framing;

public sealed class RequestFramingTests
{
    private const string Host = "Host: a\r\n";

    public static TheoryData<string, int> Good => new()
    {
        { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1 },
        { "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 2 },
        { "GET / HTTP/1.0\r\n\r\n", 1 },
        { "OPTIONS * HTTP/1.1\r\nHost: a:8080\r\n\r\n", 1 },
        { "GET http://a/b?c HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 1 },
        { "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 1 },
        { "M-SEARCH / HTTP/1.1\r\nhOST:\t a.example. \t\r\nX:\r\nY: \tv\t \r\n\r\n", 1 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n", 2 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:  0 \r\n\r\n", 1 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\n\r\na\n\r", 1 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked \r\n\r\n3;x=\"y\";z\r\na\r\n\r\n0A\r\n0123456789\r\n000\r\nT: v\r\n\r\n", 1 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\nx", 0 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 2 },
        { "GET /\x7e!|\\ HTTP/1.1\r\nHost: a%41b\r\nX: \x80\xff\r\n\r\n", 1 },
        { "GET / HTTP/1.1\r\nHost: xn--bcher-kva.example\r\nContent-Lengthy: x\r\nTransfer-Encodings: x\r\nHos: x\r\nHosts: b\r\n\r\n", 1 },
    };

    public static TheoryData<string, FramingViolation> Bad => new()
    {
        { "GET / HTTP/1.1\n", LoneLineFeed },
        { "GET / HTTP/1.1\r\nHost: a\n\r\n", LoneLineFeed },
        { "GET / HTTP/1.1\r\nHost: a\r\n\n", LoneLineFeed },
        { "GET /\n", LoneLineFeed },
        { "GET\n", LoneLineFeed },
        { "GET / HTTP/1.1\r\nHost\n", LoneLineFeed },
        { "\nGET / HTTP/1.1\r\n", LoneLineFeed },
        { "\r\n\r\nGET / HTTP/1.1\r\n", RequestLineNotValid },
        { "\rGET / HTTP/1.1\r\n", BareCarriageReturn },
        { "GET / HTTP/1.1\rHost: a\r\n\r\n", BareCarriageReturn },
        { "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", BareCarriageReturn },
        { "GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n", BareCarriageReturn },
        { " GET / HTTP/1.1\r\n", RequestLineNotValid },
        { "GET  / HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /  HTTP/1.1\r\n", RequestLineNotValid },
        { "GET / HTTP/1.1 \r\n", RequestLineNotValid },
        { "GET\t/ HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /\tHTTP/1.1\r\n", RequestLineNotValid },
        { "GET /a b HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /#f HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /\0 HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /\x80 HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /\x7f HTTP/1.1\r\n", RequestLineNotValid },
        { "G(T / HTTP/1.1\r\n", RequestLineNotValid },
        { "GET /\r\n", RequestLineNotValid },
        { "GET\r\n", RequestLineNotValid },
        { "GET / http/1.1\r\n", RequestLineNotValid },
        { "GET / HTTP/11\r\n", RequestLineNotValid },
        { "GET / HTTP/1.10\r\n", RequestLineNotValid },
        { "GET / HTTP /1.1\r\n", RequestLineNotValid },
        { "GET / HTTP/1.1\0\r\n", RequestLineNotValid },
        { "GET / HTTP/2.0\r\n", HttpVersionNotSupported },
        { "GET / HTTP/1.2\r\n", HttpVersionNotSupported },
        { "GET / HTTP/0.9\r\n", HttpVersionNotSupported },
        { "GET / HTTP/9.9\r\n", HttpVersionNotSupported },
        { Head(" X: y\r\n"), ObsoleteLineFolding },
        { "GET / HTTP/1.1\r\n Host: a\r\n\r\n", WhitespaceBeforeFirstField },
        { "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", WhitespaceBeforeFirstField },
        { Head("X: y\r\n z\r\n"), ObsoleteLineFolding },
        { Head("X: y\r\n\tz\r\n"), ObsoleteLineFolding },
        { Head("X: y\r\n \r\n"), ObsoleteLineFolding },
        { Head("X : y\r\n"), WhitespaceBeforeColon },
        { Head("X\t: y\r\n"), WhitespaceBeforeColon },
        { Head("Transfer-Encoding : chunked\r\n"), WhitespaceBeforeColon },
        { Head("X y: z\r\n"), WhitespaceBeforeColon },
        { Head(": y\r\n"), FieldNameNotValid },
        { Head("X(: y\r\n"), FieldNameNotValid },
        { Head("\x80X: y\r\n"), FieldNameNotValid },
        { Head("X\0: y\r\n"), NulInField },
        { Head("X\x01: y\r\n"), ControlByteInFieldName },
        { Head("X\x7f: y\r\n"), ControlByteInFieldName },
        { Head("X\r\n"), FieldWithoutColon },
        { Head("X: a\0b\r\n"), NulInField },
        { Head("X: a\x01" + "b\r\n"), ControlByteInFieldValue },
        { Head("X: a\vb\r\n"), ControlByteInFieldValue },
        { Head("X: a\x7f\r\n"), ControlByteInFieldValue },
        { "GET / HTTP/1.1\r\n\r\n", MissingHost },
        { "GET / HTTP/1.1\r\nX: y\r\n\r\n", MissingHost },
        { Head("Host: a\r\n"), SeveralHosts },
        { Head("HOST: b\r\n"), SeveralHosts },
        { "GET / HTTP/1.1\r\nHost:\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a:99999999999999999999\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a%4\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: \xfc\r\n\r\n", HostNotValid },
        { "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", HostNotValid },
        { Head("Content-Length: +5\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: -5\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: 5x\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: 0x5\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: 5 5\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: 5.0\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: \r\n"), ContentLengthNotDigits },
        { Head("Content-Length:\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: ,5\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: \xb2\r\n"), ContentLengthNotDigits },
        { Head("Content-Length: 5, 5\r\n"), SeveralContentLengths },
        { Head("Content-Length: 5\r\nContent-Length: 5\r\n"), SeveralContentLengths },
        { Head("Content-Length: 5\r\ncontent-length: 6\r\n"), SeveralContentLengths },
        { Head("Content-Length: 9223372036854775808\r\n"), ContentLengthTooLarge },
        { Head("Content-Length: 99999999999999999999999999\r\n"), ContentLengthTooLarge },
        { Head("Content-Length: 18446744073709551617\r\n"), ContentLengthTooLarge },
        { Head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), LengthWithTransferCoding },
        { Head("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), LengthWithTransferCoding },
        { Head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), SeveralTransferCodings },
        { Head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), SeveralTransferCodings },
        { Head("Transfer-Encoding: gzip, chunked\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: identity\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: xchunked\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: chunke\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: \"chunked\"\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: \r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding:\r\n"), UnknownTransferCoding },
        { Head("Transfer-Encoding: chunked, identity\r\n"), ChunkedNotLast },
        { Head("Transfer-Encoding: chunked, chunked\r\n"), ChunkedNotLast },
        { Head("Transfer-Encoding: chunked;q=1\r\n"), ChunkedNotLast },
        { Head("Transfer-Encoding: chunked x\r\n"), ChunkedNotLast },
        { Head("Transfer-Encoding: chunkedx\r\n"), ChunkedNotLast },
        { Head("Transfer-Encoding: \vchunked\r\n"), ControlByteInFieldValue },
        { Head("Transfer-Encoding:\r\n chunked\r\n"), UnknownTransferCoding },
        { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", TransferCodingOnHttp10 },
        { Chunks("x\r\n"), BadChunkSize },
        { Chunks("\r\n"), BadChunkSize },
        { Chunks("-1\r\n"), BadChunkSize },
        { Chunks("+1\r\n"), BadChunkSize },
        { Chunks("0x1\r\n"), BadChunkSize },
        { Chunks(" 1\r\n"), BadChunkSize },
        { Chunks("1 \r\na\r\n"), BadChunkSize },
        { Chunks("1 ;x\r\na\r\n"), BadChunkSize },
        { Chunks("1g\r\n"), BadChunkSize },
        { Chunks(";x\r\n"), BadChunkSize },
        { Chunks("FFFFFFFFFFFFFFFF\r\n"), BadChunkSize },
        { Chunks("80000000\r\n"), BadChunkSize },
        { Chunks("100000001\r\na\r\n"), BadChunkSize },
        { Chunks("00000000000000001\r\n"), BadChunkSize },
        { Chunks("1\na\r\n"), LoneLineFeed },
        { Chunks("1;x\na\r\n"), LoneLineFeed },
        { Chunks("1;x\0\r\na\r\n"), NulInField },
        { Chunks("1;x\x01\r\na\r\n"), BadChunkSize },
        { Chunks("1\rx"), BareCarriageReturn },
        { Chunks("1;x\rx"), BareCarriageReturn },
        { Chunks("1\r\nab\r\n"), BadChunkEnd },
        { Chunks("1\r\na\n"), BadChunkEnd },
        { Chunks("1\r\na\rx"), BadChunkEnd },
        { Chunks("2\r\na\r\n0\r\n\r\n"), BadChunkEnd },
        { Chunks("0\n"), LoneLineFeed },
        { Chunks("0\r\n\n"), LoneLineFeed },
        { Chunks("0\r\nT: v\n\r\n"), LoneLineFeed },
        { Chunks("0\r\nT: v\r\n\n"), LoneLineFeed },
        { Chunks("0\r\n T: v\r\n"), WhitespaceBeforeFirstField },
        { Chunks("0\r\nT: v\r\n w\r\n"), ObsoleteLineFolding },
        { Chunks("0\r\nContent-Length: 5\r\n\r\n"), TrailerForbidden },
        { Chunks("0\r\nTransfer-Encoding: chunked\r\n\r\n"), TrailerForbidden },
        { Chunks("0\r\nHost: b\r\n\r\n"), TrailerForbidden },
        { Chunks("0\r\nGET / HTTP/1.1\r\n"), WhitespaceBeforeColon },
    };

    [Theory, MemberData(nameof(Good)), Trait("Spec", "RFC 9112 §6.3"), Trait("Kind", "required")]
    public void Given_well_framed_requests_when_inspected_then_all_bytes_are_clean(string stream, int messages)
    {
        var inspected = Inspected.Requests(stream);
        Assert.Equal((stream.Length, None, messages), (inspected.Clean, inspected.Violation, inspected.Messages));
    }

    [Theory, MemberData(nameof(Bad)), Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "required")]
    public void Given_an_ambiguous_request_when_inspected_then_it_is_refused_by_name_and_never_ends(string stream, FramingViolation violation)
    {
        var inspected = Inspected.Requests(stream);
        Assert.Equal((violation, 0), (inspected.Violation, inspected.Messages));
        Assert.Equal(inspected, Inspected.Requests(stream, _ => 1));
        var second = Inspected.Requests("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + stream);
        Assert.Equal((stream.StartsWith("\r\n\r\n", StringComparison.Ordinal) ? RequestLineNotValid : violation, 1), (second.Violation, second.Messages));
    }

    [Fact, Trait("Spec", "RFC 9113 §3.4"), Trait("Kind", "required")]
    public void Given_the_preface_of_http2_at_the_very_start_when_inspected_then_the_guard_steps_aside()
    {
        const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
        Assert.Equal(Preface.Length, Inspected.Requests(Preface).Clean);
        Assert.Equal(Inspected.Requests(Preface), Inspected.Requests(Preface, _ => 1));
        Assert.Equal(HttpVersionNotSupported, Inspected.Requests("\r\n" + Preface).Violation);
        Assert.Equal(HttpVersionNotSupported, Inspected.Requests("GET / HTTP/1.0\r\n\r\n" + Preface).Violation);
        Assert.Equal(HttpVersionNotSupported, Inspected.Requests("PRI / HTTP/2.0\r\n\r\n").Violation);
        Assert.Equal(HttpVersionNotSupported, Inspected.Requests("PRI ** HTTP/2.0\r\n\r\n").Violation);
        Assert.Equal(1, Inspected.Requests("PRI * HTTP/1.1\r\nHost: a\r\n\r\n").Messages);
    }

    [Theory, Trait("Kind", "check")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: {0}", HeadTooLarge)]
    [InlineData("GET /{0}", HeadTooLarge)]
    [InlineData("{0}", HeadTooLarge)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;{0}", ChunkExtensionTooLong)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: {0}", TrailersTooLarge)]
    public void Given_an_endless_part_when_inspected_then_it_is_refused_at_its_limit(string format, FramingViolation violation)
    {
        var stream = string.Format(null, format, new string('x', 200_000));
        var inspected = Inspected.Requests(stream);
        Assert.Equal(violation, inspected.Violation);
        Assert.InRange(inspected.Clean, 1, 64 * 1024);
        Assert.Equal(inspected, Inspected.Requests(stream, at => (at % 7) + 1));
    }

    [Fact, Trait("Kind", "check")]
    public void Given_more_fields_than_allowed_when_inspected_then_the_head_is_refused()
    {
        var fields = string.Concat(Enumerable.Range(0, 256).Select(i => $"X-{i}: y\r\n"));
        Assert.Equal(TooManyFields, Inspected.Requests(Head(fields)).Violation);
        Assert.Equal(None, Inspected.Requests($"GET / HTTP/1.1\r\nHost: a\r\n{fields[..^10]}\r\n\r\n").Violation);
        Assert.Equal(TooManyFields, Inspected.Requests(Chunks("0\r\n" + fields + "Y: z\r\n\r\n")).Violation);
    }

    [Fact, Trait("Kind", "check")]
    public void Given_a_head_of_exactly_the_limit_when_inspected_then_it_passes()
    {
        const string Stream = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        var limits = FramingLimits.Default with { HeadBytes = Stream.Length };
        Assert.Equal(2, Inspected.Requests(Stream + Stream, limits: limits).Messages);
        Assert.Equal(HeadTooLarge, Inspected.Requests(Stream, limits: limits with { HeadBytes = Stream.Length - 1 }).Violation);
    }

    private static string Head(string fields) => $"GET / HTTP/1.1\r\n{Host}{fields}\r\n";

    private static string Chunks(string content) => $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{content}";
}
