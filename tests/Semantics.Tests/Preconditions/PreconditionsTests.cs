using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Preconditions;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4.3.2"), Trait("Kind", "required")]
public sealed class PreconditionsTests
{
    private const string May1 = "Fri, 01 May 2026 00:00:00 GMT";
    private const string May2 = "Sat, 02 May 2026 00:00:00 GMT";

    private static PreconditionResult Evaluate(string request, string response, int status = 200, string method = "GET") =>
        Preconditions.Evaluate(new RequestHead(method, Given.Uri, Given.Lines(request)), new ResponseHead(status, Given.Lines(response)), Given.Now);

    [Theory, Trait("Spec", "RFC 9110 §13.1.2")]
    [InlineData("If-None-Match: \"a\"", "ETag: \"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: W/\"a\"", "ETag: \"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: \"a\"", "ETag: W/\"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: \"1\", \"2\", \"a\"", "ETag: \"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: \"1\"|If-None-Match: \"a\"", "ETag: \"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: \"abcdef\u00fc\"", "ETag: \"abcdef\u00fc\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: *", "ETag: \"a\"", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: *", "X: y", PreconditionResult.NotModified)]
    [InlineData("If-None-Match: \"b\"", "ETag: \"a\"", PreconditionResult.Proceed)]
    [InlineData("If-None-Match: \"b\"", "X: y", PreconditionResult.Proceed)]
    [InlineData("If-None-Match: ", "ETag: \"a\"", PreconditionResult.Proceed)]
    [InlineData("X: y", "ETag: \"a\"", PreconditionResult.Proceed)]
    public void Given_if_none_match_then_tags_are_compared_weakly(string request, string response, PreconditionResult result)
    {
        Assert.Equal(result, Evaluate(request, response));
        Assert.Equal(result, Evaluate(request, response, method: "HEAD"));
    }

    [Theory, Trait("Spec", "RFC 9110 §13.1.3")]
    [InlineData(May1, "Last-Modified: " + May1, PreconditionResult.NotModified)]
    [InlineData(May2, "Last-Modified: " + May1, PreconditionResult.NotModified)]
    [InlineData(May1, "Last-Modified: " + May2, PreconditionResult.Proceed)]
    [InlineData(May1, "Date: " + May1, PreconditionResult.NotModified)]
    [InlineData(May1, "Date: " + May2, PreconditionResult.Proceed)]
    [InlineData(May2, "Last-Modified: bad|Date: " + May1, PreconditionResult.NotModified)]
    [InlineData("Mon, 04 May 2026 12:00:00 GMT", "X: y", PreconditionResult.NotModified)]
    [InlineData("Mon, 04 May 2026 11:59:59 GMT", "X: y", PreconditionResult.Proceed)]
    [InlineData("Friday, 01-May-26 00:00:00 GMT", "Last-Modified: " + May1, PreconditionResult.NotModified)]
    [InlineData("Fri May  1 00:00:00 2026", "Last-Modified: " + May1, PreconditionResult.NotModified)]
    [InlineData("bad", "Last-Modified: " + May1, PreconditionResult.Proceed)]
    [InlineData("", "Last-Modified: " + May1, PreconditionResult.Proceed)]
    public void Given_if_modified_since_then_last_modified_or_date_or_receipt_decides(string since, string response, PreconditionResult result) =>
        Assert.Equal(result, Evaluate($"If-Modified-Since: {since}", response));

    [Theory, Trait("Spec", "RFC 9110 §13.2.2")]
    [InlineData("\"a\"", May1, PreconditionResult.NotModified)]
    [InlineData("\"b\"", May2, PreconditionResult.Proceed)]
    public void Given_both_then_if_none_match_alone_decides(string tag, string since, PreconditionResult result) =>
        Assert.Equal(result, Evaluate($"If-None-Match: {tag}|If-Modified-Since: {since}", $"ETag: \"a\"|Last-Modified: {May2}"));

    [Theory, Trait("Spec", "RFC 9110 §13.2.1")]
    [InlineData(404)]
    [InlineData(301)]
    [InlineData(500)]
    public void Given_a_response_that_is_not_successful_then_preconditions_are_ignored(int status) =>
        Assert.Equal(PreconditionResult.Proceed, Evaluate("If-None-Match: \"a\"", "ETag: \"a\"", status));

    [Theory]
    [InlineData("If-Match: \"b\"")]
    [InlineData("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT")]
    public void Given_a_precondition_for_the_origin_then_a_cache_does_not_evaluate_it(string line) =>
        Assert.Equal(PreconditionResult.Proceed, Evaluate(line, $"ETag: \"a\"|Last-Modified: {May1}"));

    [Fact, Trait("Spec", "RFC 9110 §13.1.2")]
    public void Given_another_method_then_a_matching_tag_fails() =>
        Assert.Equal(PreconditionResult.Failed, Evaluate("If-None-Match: \"a\"", "ETag: \"a\"", method: "QUERY"));

    [Fact, Trait("Spec", "RFC 9110 §15.4.5")]
    public void Given_a_304_then_it_carries_no_description_of_content() =>
        Assert.Equal(["Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Age", "Set-Cookie", "X"],
            Preconditions.NotModifiedFields(FieldLines.Of("Cache-Control: a", "Content-Location: /", "Date: d", "ETag: \"a\"", "Expires: e", "Vary: v", "Age: 1",
                "Set-Cookie: a=b", "Content-Type: t", "content-length: 5", "Content-Encoding: gzip", "Content-Language: en", "Last-Modified: m",
                "Accept-Ranges: bytes", "X: y")).Select(line => line.Name));

    [Fact, Trait("Spec", "RFC 9110 §15.4.5")]
    public void Given_no_entity_tag_then_a_304_carries_last_modified() =>
        Assert.True(Preconditions.NotModifiedFields(FieldLines.Of("Last-Modified: m")).Has("Last-Modified"));
}
