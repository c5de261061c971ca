using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4.4"), Trait("Kind", "required")]
public sealed class InvalidationTests
{
    private const string Target = "http://h.test/a/b?q";

    private static IReadOnlyList<string> Targets(string method, int status, string lines = "") =>
        Invalidation.Targets(new RequestHead(method, Target, Given.Lines("")), new ResponseHead(status, Given.Lines(lines)));

    [Theory]
    [InlineData("POST", 200)]
    [InlineData("PUT", 201)]
    [InlineData("DELETE", 204)]
    [InlineData("PATCH", 303)]
    [InlineData("M-SEARCH", 399)]
    [InlineData("get", 200)]
    public void Given_an_unsafe_or_unknown_method_that_succeeded_then_the_target_is_invalid(string method, int status) =>
        Assert.Equal([Target], Targets(method, status));

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 200)]
    [InlineData("TRACE", 200)]
    [InlineData("POST", 400)]
    [InlineData("POST", 500)]
    [InlineData("POST", 100)]
    public void Given_a_safe_method_or_an_error_then_nothing_is(string method, int status) =>
        Assert.Empty(Targets(method, status, "Location: /x"));

    [Theory]
    [InlineData("/x", "http://h.test/x")]
    [InlineData("x", "http://h.test/a/x")]
    [InlineData("../x", "http://h.test/x")]
    [InlineData("?r", "http://h.test/a/b?r")]
    [InlineData("http://H.test:80/x", "http://h.test/x")]
    [InlineData("//h.test/x#f", "http://h.test/x")]
    public void Given_a_location_on_the_same_origin_then_it_is_invalid_too(string reference, string uri)
    {
        Assert.Equal([Target, uri], Targets("POST", 201, $"Location: {reference}"));
        Assert.Equal([Target, uri], Targets("POST", 201, $"Content-Location: {reference}"));
        Assert.Equal([Target, uri], Targets("POST", 201, $"Location: {reference}|Content-Location: {reference}"));
    }

    [Theory]
    [InlineData("http://other.test/x")]
    [InlineData("https://h.test/x")]
    [InlineData("http://h.test:8080/x")]
    [InlineData("//other.test/x")]
    [InlineData("http://h.test.evil/x")]
    [InlineData("http://u:p@h.test/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://[/")]
    [InlineData("/a/b?q")]
    public void Given_a_location_elsewhere_or_the_target_itself_then_only_the_target_is(string reference) =>
        Assert.Equal([Target], Targets("POST", 201, $"Location: {reference}"));
}
