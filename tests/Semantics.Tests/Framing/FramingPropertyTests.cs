using CsCheck;
using Granary.Semantics.Framing;

namespace Granary.Semantics.Tests.Framing;

public sealed class FramingPropertyTests
{
    private static readonly string[] RequestParts =
    [
        "GET / HTTP/1.1\r\n", "POST /x HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "HEAD / HTTP/1.1\r\n", "Host: a\r\n", "Host: [::1]:8\r\n", "X: y\r\n", "X:\r\n",
        "Content-Length: 3\r\n", "content-length: 12\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "\r\n\r\n", "abc", "3\r\nabc\r\n", "0\r\n\r\n", "1;e=f\r\na\r\n", "0\r\nT: u\r\n\r\n",
        "\r", "\n", "\0", " ", "\t", ":", ",", ";", "chunked", "5", "PRI * HTTP/2.0\r\n", "\x80",
    ];

    private static readonly string[] ResponseParts =
    [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.0 404 No\r\n", "HTTP/1.1 204 x\r\n", "HTTP/1.1 304 x\r\n", "HTTP/1.1 103 x\r\n", "HTTP/1.1 100\r\n", "HTTP/1.1 101 x\r\n", "Link: </a>\r\n",
        "Content-Length: 3\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "abc", "3\r\nabc\r\n", "0\r\n\r\n", "1 ;e\r\na\r\n", "0\r\nT: u\r\n\r\n", "\r", "\n", " ", "\0",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "CONNECT"];

    private static readonly FramingLimits Small = new()
    {
        HeadBytes = 120,
        Fields = 4,
        ChunkExtensionBytes = 6,
        TrailerBytes = 20,
        InterimResponses = 2,
        InterimBytes = 60,
    };

    [Fact, Trait("Spec", "RFC 9112 §2.2"), Trait("Kind", "check")]
    public void Given_any_stream_of_requests_when_cut_anyhow_then_the_verdict_is_the_same() =>
        Gen.Select(Stream(RequestParts), Gen.Int[1, 9].Array[1, 20]).Sample((stream, cuts) =>
        {
            var whole = Inspected.Requests(stream, limits: Small);
            Assert.Equal(whole, Inspected.Requests(stream, at => cuts[at % cuts.Length], Small));
            Assert.Equal(whole, Inspected.Requests(stream, _ => 1, Small));
        }, iter: 20_000, seed: "0N0XIzNsQ0O2");

    [Fact, Trait("Spec", "RFC 9112 §2.2"), Trait("Kind", "check")]
    public void Given_any_stream_of_responses_when_cut_anyhow_then_the_verdict_is_the_same() =>
        Gen.Select(Stream(ResponseParts), Gen.Int[1, 9].Array[1, 20], Gen.Int[0, 2].Select(i => Methods[i]).Array[1, 4], Gen.Bool).Sample((stream, cuts, methods, upgrade) =>
        {
            var whole = Inspected.Responses(stream, methods, limits: Small, upgrade: upgrade);
            Assert.Equal(whole, Inspected.Responses(stream, methods, at => cuts[at % cuts.Length], Small, upgrade));
            Assert.Equal(whole, Inspected.Responses(stream, methods, _ => 1, Small, upgrade));
        }, iter: 20_000, seed: "0N0XIzNsQ0O2");

    [Fact, Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "check")]
    public void Given_any_bytes_when_inspected_then_nothing_is_clean_behind_a_violation() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var framing = new RequestFraming(FramingLimits.Default);
            FramingVerdict verdict;
            var rest = bytes.AsSpan();
            do
            {
                verdict = framing.Inspect(rest);
                Assert.InRange(verdict.Clean, 0, rest.Length);
                rest = rest[verdict.Clean..];
            }
            while (!rest.IsEmpty && verdict.Step != FramingStep.Refused);

            if (verdict.Step == FramingStep.Refused) Assert.Equal(verdict with { Clean = 0 }, framing.Inspect(bytes));
        });

    [Fact, Trait("Kind", "check")]
    public void Given_a_warm_inspector_when_requests_pass_then_nothing_is_allocated()
    {
        var framing = new RequestFraming(FramingLimits.Default);
        var stream = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"u8;
        Pass(framing, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Pass(framing, stream);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Pass(RequestFraming framing, ReadOnlySpan<byte> rest)
        {
            while (!rest.IsEmpty) rest = rest[framing.Inspect(rest).Clean..];
        }
    }

    private static Gen<string> Stream(string[] parts) => Gen.Int[0, parts.Length - 1].Array[1, 14].Select(picks => string.Concat(picks.Select(i => parts[i])));
}
