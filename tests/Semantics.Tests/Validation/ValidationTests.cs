using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Validation;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4.3.1"), Trait("Kind", "required")]
public sealed class ValidationRequestTests
{
    private static FieldLines Ask(params StoredResponse[] offered) => ValidationRequest.Conditionalise(FieldLines.Of("A: 1"), offered);

    [Theory]
    [InlineData("ETag: \"a\"", "\"a\"")]
    [InlineData("ETag: W/\"a\"", "W/\"a\"")]
    [InlineData("ETag: a", "a")]
    [InlineData("X: y", null)]
    [InlineData("ETag: \"a", null)]
    public void Given_one_stored_response_then_its_entity_tag_is_sent_as_the_origin_wrote_it(string line, string? sent)
    {
        Assert.Equal(sent, Ask(Given.Stored(line)).Combined("If-None-Match"));
        Assert.Equal("1", Ask(Given.Stored(line)).Combined("A"));
    }

    [Theory]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT", "Fri, 01 May 2026 00:00:00 GMT")]
    [InlineData("Last-Modified: Friday, 01-May-26 00:00:00 GMT", "Friday, 01-May-26 00:00:00 GMT")]
    [InlineData("Last-Modified: yesterday", null)]
    [InlineData("Date: Fri, 01 May 2026 00:00:00 GMT", null)]
    public void Given_one_stored_response_then_its_last_modified_is_sent(string line, string? sent) =>
        Assert.Equal(sent, Ask(Given.Stored(line)).Combined("If-Modified-Since"));

    [Fact]
    public void Given_several_then_each_tag_is_sent_once_and_no_date()
    {
        var asked = Ask(Given.Stored("ETag: \"a\"", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT"), Given.Stored("X: y"),
            Given.Stored("ETag: W/\"b\""), Given.Stored("ETag: \"a\""));
        Assert.Equal("\"a\", W/\"b\"", asked.Combined("If-None-Match"));
        Assert.False(asked.Has("If-Modified-Since"));
    }

    [Fact, Trait("Kind", "check")]
    public void Given_very_many_then_the_list_stays_short() =>
        Assert.InRange(Ask([.. Enumerable.Range(0, 1000).Select(i => Given.Stored($"ETag: \"{i}-{new string('x', 100)}\""))])
            .Combined("If-None-Match")!.Length, 1000, 4300);

    [Fact]
    public void Given_preconditions_of_the_client_then_they_are_taken_off_and_range_stays() =>
        Assert.Equal("Range: bytes=0-1\nIf-Range: \"a\"\nB: 2", ValidationRequest.WithoutPreconditions(FieldLines.Of(
            "If-None-Match: \"a\"", "if-modified-since: x", "If-Match: *", "If-Unmodified-Since: x", "Range: bytes=0-1", "If-Range: \"a\"", "B: 2")).ToString());

    [Fact]
    public void Given_a_range_then_it_is_taken_off_together_with_if_range() =>
        Assert.Equal("B: 2", ValidationRequest.WithoutRange(FieldLines.Of("range: bytes=0-1", "If-Range: \"a\"", "B: 2")).ToString());
}

[Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
public sealed class NotModifiedTests
{
    private const string May1 = "Last-Modified: Fri, 01 May 2026 00:00:00 GMT";

    private static int Selected(string notModified, params string[] offered) => NotModified.Selected(
        new ResponseHead(304, Given.Lines(notModified)),
        [.. offered.Select((lines, i) => Given.Stored(Given.Get(), new ResponseHead(200, Given.Lines($"Date: {Given.At(i - 100)}|{lines}"))))]);

    [Theory]
    [InlineData("ETag: \"a\"", 0, "ETag: \"a\"")]
    [InlineData("ETag: \"b\"", -1, "ETag: \"a\"")]
    [InlineData("ETag: \"b\"", 1, "ETag: \"a\"", "ETag: \"b\"", "X: y")]
    [InlineData("ETag: \"a\"", 1, "ETag: \"a\"", "ETag: \"a\"")]
    [InlineData("ETag: W/\"a\"", 0, "ETag: W/\"a\"")]
    [InlineData("ETag: W/\"a\"", 0, "ETag: \"a\"")]
    [InlineData("ETag: \"a\"", 0, "ETag: W/\"a\"")]
    [InlineData("ETag: \"a\"", -1, "X: y")]
    [InlineData("ETag: \"a\"|ETag: \"b\"", -1, "ETag: \"a\"")]
    [InlineData("ETag: \"b\"|" + May1, -1, "ETag: \"a\"|" + May1)]
    [InlineData(May1, 0, May1)]
    [InlineData(May1, 0, "ETag: \"a\"|" + May1)]
    [InlineData(May1, -1, "Last-Modified: Thu, 30 Apr 2026 00:00:00 GMT")]
    [InlineData(May1, -1, "ETag: \"a\"")]
    [InlineData("Last-Modified: Friday, 01-May-26 00:00:00 GMT", 0, May1)]
    [InlineData("Cache-Control: max-age=1", 0, "X: y")]
    [InlineData("Cache-Control: max-age=1", 0, "ETag: \"a\"")]
    [InlineData("Cache-Control: max-age=1", -1, "ETag: \"a\"", "ETag: \"b\"")]
    [InlineData("Cache-Control: max-age=1", -1)]
    public void Given_a_304_then_its_validators_select(string notModified, int selected, params string[] offered) =>
        Assert.Equal(selected, Selected(notModified, offered));
}

[Trait("Spec", "RFC 9111 §4.3.5"), Trait("Kind", "optimal")]
public sealed class HeadResponseTests
{
    [Theory]
    [InlineData(200, "ETag: \"a\"|Content-Length: 3", HeadEffect.Freshens)]
    [InlineData(200, "X: y", HeadEffect.Freshens)]
    [InlineData(200, "ETag: \"b\"", HeadEffect.Outdates)]
    [InlineData(200, "ETag: \"a\"|Content-Length: 4", HeadEffect.Outdates)]
    [InlineData(200, "Last-Modified: Fri, 01 May 2026 00:00:00 GMT", HeadEffect.Outdates)]
    [InlineData(404, "ETag: \"a\"", HeadEffect.None)]
    public void Given_a_response_to_head_then_the_stored_one_is_updated_or_outdated(int status, string lines, HeadEffect effect) =>
        Assert.Equal(effect, HeadResponse.On(Given.Stored("ETag: \"a\"", "Content-Length: 3"), new(status, Given.Lines(lines))));
}
