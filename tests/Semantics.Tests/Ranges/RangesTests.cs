using System.Text;
using CsCheck;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;

namespace Granary.Tests;

[Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "required")]
public sealed class RangesTests
{
    private static string Evaluate(string request, string response = "", long length = 1000, int status = 200, string method = "GET") =>
        Ranges.Evaluate(new RequestHead(method, Given.Uri, Given.Lines(request)), new ResponseHead(status, Given.Lines(response)), length) switch
        {
            RangeOutcome.Single(var first, var last) => $"{first}-{last}",
            RangeOutcome.Multiple(var ranges) => string.Join(' ', ranges.Select(range => $"{range.First}-{range.Last}")),
            var outcome => outcome.GetType().Name,
        };

    [Theory, Trait("Spec", "RFC 9110 §14.1.2")]
    [InlineData("bytes=0-0", "0-0")]
    [InlineData("bytes=0-499", "0-499")]
    [InlineData("bytes=500-999", "500-999")]
    [InlineData("bytes=500-", "500-999")]
    [InlineData("bytes=0-", "0-999")]
    [InlineData("bytes=900-5000", "900-999")]
    [InlineData("bytes=999-", "999-999")]
    [InlineData("bytes=-1", "999-999")]
    [InlineData("bytes=-500", "500-999")]
    [InlineData("bytes=-5000", "0-999")]
    [InlineData("BYTES=0-1", "0-1")]
    [InlineData("bytes= 0-1", "0-1")]
    [InlineData("bytes=,0-1 ,", "0-1")]
    [InlineData("bytes=0-99999999999999999999999999", "0-999")]
    [InlineData("bytes=-99999999999999999999999999", "0-999")]
    [InlineData("bytes=0000000000000000000000000000-1", "0-1")]
    [InlineData("bytes=1000-", "Unsatisfiable")]
    [InlineData("bytes=1000-2000", "Unsatisfiable")]
    [InlineData("bytes=99999999999999999999999999-", "Unsatisfiable")]
    [InlineData("bytes=-0", "Unsatisfiable")]
    [InlineData("bytes=1000-,2000-3000", "Unsatisfiable")]
    [InlineData("bytes=5000-,1-2", "1-2")]
    [InlineData("bytes=0-0,-1", "0-0 999-999")]
    [InlineData("bytes=500-600, 100-200", "500-600 100-200")]
    [InlineData("bytes=0-499,500-999", "0-499 500-999")]
    public void Given_a_valid_range_then_those_bytes_are_sent(string range, string outcome) =>
        Assert.Equal(outcome, Evaluate($"Range: {range}"));

    [Theory]
    [InlineData("bytes=2-1")]
    [InlineData("bytes=99999999999999999999999999-1")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1")]
    [InlineData("bytes=-")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=1.0-2")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
    [InlineData("bytes")]
    [InlineData("bytes 0-1")]
    [InlineData("bytes =0-1")]
    [InlineData("items=0-1")]
    [InlineData("bytes=0-1,x")]
    [InlineData("0-1")]
    [InlineData("")]
    [InlineData("bytes=0-10,5-15")]
    [InlineData("bytes=0-,0-,0-,0-")]
    [InlineData("bytes=0-,-1")]
    [InlineData("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,28-28,30-30,32-32")]
    public void Given_a_range_that_is_not_valid_or_absurd_then_the_whole_is_sent(string range) =>
        Assert.Equal("Whole", Evaluate($"Range: {range}"));

    [Theory]
    [InlineData("Range: bytes=0-1", 206, "GET")]
    [InlineData("Range: bytes=0-1", 404, "GET")]
    [InlineData("Range: bytes=0-1", 203, "GET")]
    [InlineData("Range: bytes=0-1", 200, "HEAD")]
    [InlineData("Range: bytes=0-1|Range: bytes=2-3", 200, "GET")]
    [InlineData("If-Range: \"a\"", 200, "GET")]
    public void Given_no_single_range_on_get_of_a_200_then_the_whole_is_sent(string request, int status, string method) =>
        Assert.Equal("Whole", Evaluate(request, "ETag: \"a\"", status: status, method: method));

    [Theory]
    [InlineData("bytes=0-", "Unsatisfiable")]
    [InlineData("bytes=-5", "Whole")]
    [InlineData("bytes=-0", "Unsatisfiable")]
    public void Given_empty_content_then_only_a_suffix_is_satisfiable(string range, string outcome) =>
        Assert.Equal(outcome, Evaluate($"Range: {range}", length: 0));

    [Theory, Trait("Spec", "RFC 9110 §13.1.5")]
    [InlineData("\"a\"", "ETag: \"a\"", "0-1")]
    [InlineData("\"b\"", "ETag: \"a\"", "Whole")]
    [InlineData("W/\"a\"", "ETag: W/\"a\"", "Whole")]
    [InlineData("\"a\"", "ETag: W/\"a\"", "Whole")]
    [InlineData("W/\"a\"", "ETag: \"a\"", "Whole")]
    [InlineData("\"a\"", "X: y", "Whole")]
    [InlineData("a", "ETag: a", "Whole")]
    [InlineData("\"a\", \"b\"", "ETag: \"a\"", "Whole")]
    [InlineData("*", "ETag: \"a\"", "Whole")]
    [InlineData("Fri, 01 May 2026 00:00:00 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:01:00 GMT", "0-1")]
    [InlineData("Fri, 01 May 2026 00:00:00 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:00:59 GMT", "Whole")]
    [InlineData("Fri, 01 May 2026 00:00:01 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:01:00 GMT", "Whole")]
    [InlineData("Fri, 01 May 2026 00:00:00 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT", "Whole")]
    [InlineData("Fri, 01 May 2026 00:00:00 GMT", "ETag: \"a\"", "Whole")]
    [InlineData("x|If-Range: \"a\"", "ETag: \"a\"", "Whole")]
    public void Given_if_range_then_it_must_match_strongly(string condition, string response, string outcome) =>
        Assert.Equal(outcome, Evaluate($"Range: bytes=0-1|If-Range: {condition}", response));

    [Fact, Trait("Kind", "check")]
    public void Given_any_range_then_what_is_sent_lies_inside_the_content_and_never_twice() =>
        Gen.Select(Gen.String[Gen.Char["0123456789-,, "], 0, 24], Gen.Long[0, 200]).Sample((set, length) =>
            Ranges.Evaluate(Given.Get($"Range: bytes={set}"), Given.Ok(), length) switch
            {
                RangeOutcome.Single(var first, var last) => first >= 0 && first <= last && last < length,
                RangeOutcome.Multiple(var parts) => parts.Count is > 1 and <= 16 && parts.Sum(part => part.Length) <= length
                    && parts.All(part => part.First >= 0 && part.Length > 0 && part.Last < length),
                _ => true,
            });

    [Fact, Trait("Spec", "RFC 9110 §14.4")]
    public void Given_positions_then_content_range_is_written()
    {
        Assert.Equal("bytes 0-1/10", ContentRange.Of(0, 1, 10));
        Assert.Equal("bytes */10", ContentRange.Unsatisfied(10));
    }

    [Theory, Trait("Spec", "RFC 9110 §14.4")]
    [InlineData("bytes 0-1/10", true)]
    [InlineData("bytes 4-9/10", true)]
    [InlineData("bytes 0-1/*", true)]
    [InlineData("bytes 0-10/10", false)]
    [InlineData("bytes 2-1/10", false)]
    [InlineData("bytes */10", false)]
    [InlineData("bytes 0-1", false)]
    [InlineData("bytes 0-1/", false)]
    [InlineData("bytes -1/10", false)]
    [InlineData("bytes 0-99999999999999999999/*", false)]
    [InlineData("items 0-1/10", false)]
    public void Given_a_content_range_then_it_is_valid_or_not(string text, bool valid) =>
        Assert.Equal(valid, ContentRange.TryParse(text, out _, out _));

    [Fact, Trait("Spec", "RFC 9110 §14.6")]
    public void Given_several_parts_then_the_framing_is_multipart_byteranges()
    {
        var framing = new MultipartByteRanges("XyZ", "text/plain", [new(0, 1), new(8, 9)], 10);
        var content = new StringBuilder();
        for (var i = 0; i < framing.Parts.Count; i++)
            content.Append(Encoding.ASCII.GetString(framing.PartHead(i).Span)).Append("0123456789".AsSpan((int)framing.Parts[i].First, 2));
        content.Append(Encoding.ASCII.GetString(framing.Close.Span));
        Assert.Equal("""
            --XyZ
            Content-Type: text/plain
            Content-Range: bytes 0-1/10

            01
            --XyZ
            Content-Type: text/plain
            Content-Range: bytes 8-9/10

            89
            --XyZ--

            """.ReplaceLineEndings("\r\n"), content.ToString());
        Assert.Equal(content.Length, framing.TotalLength);
        Assert.Equal("multipart/byteranges; boundary=XyZ", framing.ContentType);
    }
}
