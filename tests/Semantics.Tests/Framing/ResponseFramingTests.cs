using Granary.Semantics.Framing;
using static Granary.Semantics.Framing.FramingViolation;

namespace Granary.Semantics.Tests.Framing;

public sealed class ResponseFramingTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    public static TheoryData<string, string, int> Good => new()
    {
        { "GET", Empty, 1 },
        { "GET GET", Empty + Empty, 2 },
        { "GET", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nab", 1 },
        { "GET", "HTTP/1.0 200 Très bien\r\nContent-Length: 2\r\n\r\nab", 1 },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\nT: v\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nab\r\n2 ;x\r\nab\r\n0\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 200 OK\r\n\r\nuntil the close\n\0", 0 },
        { "HEAD GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + Empty, 2 },
        { "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1 },
        { "GET GET", "HTTP/1.1 204 No Content\r\n\r\n" + Empty, 2 },
        { "GET GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n" + Empty, 2 },
        { "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 199 Odd\r\n\r\n" + Empty, 1 },
        { "CONNECT", "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01\0", 0 },
        { "CONNECT GET", "HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\nx" + Empty, 2 },
        { "GET", "HTTP/1.1 299 x\r\nContent-Length: 0\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 599 x\r\nContent-Length: 0\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 600 x\r\nContent-Length: 0\r\n\r\n", 1 },
        { "GET", "HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n", 1 },
    };

    public static TheoryData<string, string, FramingViolation> Bad => new()
    {
        { "GET", "HTTP/1.1 200 OK\n", LoneLineFeed },
        { "GET", "HTTP/1.1 200\n", LoneLineFeed },
        { "GET", "HTTP/1.1 200 OK\r\nX: y\n\r\n", LoneLineFeed },
        { "GET", "HTTP/1.1 200 OK\r\nX: y\r\n\n", LoneLineFeed },
        { "GET", "HTTP/1.1 200 OK\rX", BareCarriageReturn },
        { "GET", "HTTP/1.1 200 O\x01K\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 200 O\0K\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 99 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 099 x\r\n\r\n", StatusOutOfRange },
        { "GET", "HTTP/1.1 000 x\r\n\r\n", StatusOutOfRange },
        { "GET", "HTTP/1.1 2000 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 -20 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 2x0 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1  200 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1\t200 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/2.0 200 x\r\n\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.2 200 x\r\n\r\n", StatusLineNotValid },
        { "GET", "ICY 200 OK\r\n\r\n", StatusLineNotValid },
        { "GET", "<html>", StatusLineNotValid },
        { "GET", "\r\nHTTP/1.1 200 OK\r\n", StatusLineNotValid },
        { "GET", "HTTP/1.1 200 OK\r\n X: y\r\n", WhitespaceBeforeFirstField },
        { "GET", "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n", ObsoleteLineFolding },
        { "GET", "HTTP/1.1 200 OK\r\nX : y\r\n", WhitespaceBeforeColon },
        { "GET", "HTTP/1.1 200 OK\r\nX: \x01\r\n", ControlByteInFieldValue },
        { "GET", "HTTP/1.1 200 OK\r\nX: \0\r\n", NulInField },
        { "GET", "HTTP/1.1 200 OK\r\nX\r\n", FieldWithoutColon },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", SeveralContentLengths },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n\r\n", SeveralContentLengths },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", ContentLengthNotDigits },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", ContentLengthNotDigits },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", ContentLengthTooLarge },
        { "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", LengthWithTransferCoding },
        { "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", LengthWithTransferCoding },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", UnknownTransferCoding },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", UnknownTransferCoding },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", ChunkedNotLast },
        { "GET", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", TransferCodingOnHttp10 },
        { "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", UnaskedSwitchingProtocols },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", BadChunkSize },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n", LoneLineFeed },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n", BadChunkEnd },
        { "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n", TrailerForbidden },
    };

    [Theory, MemberData(nameof(Good)), Trait("Spec", "RFC 9112 §6.3"), Trait("Kind", "required")]
    public void Given_well_framed_responses_when_inspected_then_all_bytes_are_clean(string methods, string stream, int messages)
    {
        var inspected = Inspected.Responses(stream, methods.Split(' '));
        Assert.Equal((stream.Length, None, messages), (inspected.Clean, inspected.Violation, inspected.Messages));
        Assert.Equal(inspected, Inspected.Responses(stream, methods.Split(' '), _ => 1));
    }

    [Theory, MemberData(nameof(Bad)), Trait("Spec", "RFC 9112 §6.3"), Trait("Kind", "required")]
    public void Given_an_ambiguous_response_when_inspected_then_it_is_refused_by_name_and_never_ends(string method, string stream, FramingViolation violation)
    {
        var inspected = Inspected.Responses(stream, [method]);
        Assert.Equal((violation, 0), (inspected.Violation, inspected.Messages));
        Assert.Equal(inspected, Inspected.Responses(stream, [method], _ => 1));
    }

    [Theory, Trait("Spec", "RFC 9112 §11.1"), Trait("Kind", "required")]
    [InlineData("GET", Empty)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public void Given_bytes_behind_the_response_when_no_other_is_due_then_they_are_extra(string method, string response)
    {
        var inspected = Inspected.Responses(response + "HTTP/1.1 200 OK\r\n\r\n", [method]);
        Assert.Equal((response.Length, ExtraBytes, 1), (inspected.Clean, inspected.Violation, inspected.Messages));
        Assert.Equal(inspected, Inspected.Responses(response + "HTTP/1.1 200 OK\r\n\r\n", [method], _ => 1));
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "check")]
    public void Given_interim_responses_without_end_when_inspected_then_they_are_bounded_in_number_and_size()
    {
        var many = string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 33));
        Assert.Equal(TooManyInterimResponses, Inspected.Responses(many, ["GET"]).Violation);
        var large = string.Concat(Enumerable.Repeat($"HTTP/1.1 103 x\r\nLink: {new string('x', 30_000)}\r\n\r\n", 3));
        Assert.Equal(InterimResponsesTooLarge, Inspected.Responses(large, ["GET"]).Violation);
        Assert.Equal(HeadTooLarge, Inspected.Responses("HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000), ["GET"]).Violation);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2.2"), Trait("Kind", "required")]
    public void Given_a_switch_of_protocols_that_was_asked_for_when_inspected_then_the_guard_steps_aside()
    {
        const string Stream = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\0\n\r\n";
        var inspected = Inspected.Responses(Stream, ["GET"], upgrade: true);
        Assert.Equal((Stream.Length, None), (inspected.Clean, inspected.Violation));
    }

    [Fact, Trait("Spec", "RFC 9112 §8"), Trait("Kind", "required")]
    public void Given_a_close_when_only_the_close_delimits_the_content_then_the_response_is_complete()
    {
        Assert.True(AfterClose("HTTP/1.1 200 OK\r\n\r\nabc"));
        Assert.False(AfterClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"));
        Assert.False(AfterClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
        Assert.False(AfterClose("HTTP/1.1 200 OK\r\nX"));

        static bool AfterClose(string stream)
        {
            var framing = new ResponseFraming(FramingLimits.Default);
            framing.Expect(head: false, connect: false);
            for (var rest = System.Text.Encoding.Latin1.GetBytes(stream).AsSpan(); !rest.IsEmpty;) rest = rest[framing.Inspect(rest).Clean..];
            return framing.EndsByClose();
        }
    }
}
