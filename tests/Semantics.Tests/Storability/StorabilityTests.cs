using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Storability;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §3"), Trait("Kind", "required")]
public sealed class StorabilityTests
{
    private static NotStored? WhyNot(string responseLines, string requestLines = "", int status = 200, string method = "GET", StorabilityOptions? options = null) =>
        Storability.WhyNot(
            new RequestHead(method, Given.Uri, Given.Lines(requestLines)),
            new ResponseHead(status, Given.Lines(responseLines)),
            options ?? StorabilityOptions.Default);

    [Theory]
    [InlineData("GET", null)]
    [InlineData("HEAD", null)]
    [InlineData("POST", NotStored.MethodNotUnderstood)]
    [InlineData("PUT", NotStored.MethodNotUnderstood)]
    [InlineData("OPTIONS", NotStored.MethodNotUnderstood)]
    [InlineData("get", NotStored.MethodNotUnderstood)]
    [InlineData("FOO", NotStored.MethodNotUnderstood)]
    public void Given_a_method_then_it_is_understood_or_not(string method, NotStored? why) =>
        Assert.Equal(why, WhyNot("Cache-Control: max-age=60", method: method));

    [Theory]
    [InlineData(100, NotStored.StatusNotFinal)]
    [InlineData(103, NotStored.StatusNotFinal)]
    [InlineData(199, NotStored.StatusNotFinal)]
    [InlineData(99, NotStored.StatusNotFinal)]
    [InlineData(600, NotStored.StatusNotFinal)]
    [InlineData(999, NotStored.StatusNotFinal)]
    [InlineData(206, NotStored.PartialContent)]
    [InlineData(304, NotStored.NotModified)]
    [InlineData(407, NotStored.StatusForbidsStoring)]
    [InlineData(412, NotStored.StatusForbidsStoring)]
    [InlineData(416, NotStored.StatusForbidsStoring)]
    [InlineData(428, NotStored.StatusForbidsStoring)]
    [InlineData(429, NotStored.StatusForbidsStoring)]
    [InlineData(431, NotStored.StatusForbidsStoring)]
    [InlineData(511, NotStored.StatusForbidsStoring)]
    [InlineData(200, null)]
    [InlineData(203, null)]
    [InlineData(204, null)]
    [InlineData(299, null)]
    [InlineData(301, null)]
    [InlineData(302, null)]
    [InlineData(303, null)]
    [InlineData(307, null)]
    [InlineData(308, null)]
    [InlineData(400, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(410, null)]
    [InlineData(499, null)]
    [InlineData(500, null)]
    [InlineData(502, null)]
    [InlineData(503, null)]
    [InlineData(504, null)]
    [InlineData(599, null)]
    public void Given_a_status_code_with_a_lifetime_then_it_is_stored_or_not(int status, NotStored? why) =>
        Assert.Equal(why, WhyNot("Cache-Control: max-age=60", status: status));

    [Theory, Trait("Spec", "RFC 9111 §5.2.2.3")]
    [InlineData(200, "max-age=60, no-store, must-understand", null)]
    [InlineData(599, "max-age=60, no-store, must-understand", NotStored.StatusNotUnderstood)]
    [InlineData(599, "max-age=60, must-understand", NotStored.StatusNotUnderstood)]
    [InlineData(599, "max-age=60", null)]
    [InlineData(200, "max-age=60, no-store, must-understand=x", NotStored.ForbiddenByNoStore)]
    public void Given_must_understand_then_the_status_code_must_be_known(int status, string directives, NotStored? why) =>
        Assert.Equal(why, WhyNot($"Cache-Control: {directives}", status: status));

    [Theory]
    [InlineData("Cache-Control: no-store", "", NotStored.ForbiddenByNoStore)]
    [InlineData("Cache-Control: max-age=60, no-store|ETag: \"a\"", "", NotStored.ForbiddenByNoStore)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: no-store", NotStored.ForbiddenByRequest)]
    [InlineData("Cache-Control: private, max-age=60", "", NotStored.Private)]
    [InlineData("Cache-Control: public, private", "", NotStored.Private)]
    [InlineData("Cache-Control: private=\"X\", max-age=60", "", null)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: no-cache", null)]
    public void Given_a_directive_that_forbids_then_it_is_the_reason(string response, string request, NotStored? why) =>
        Assert.Equal(why, WhyNot(response, request));

    [Theory, Trait("Spec", "RFC 9111 §3.5")]
    [InlineData("max-age=60", NotStored.AuthorizedRequest)]
    [InlineData("max-age=60, proxy-revalidate", NotStored.AuthorizedRequest)]
    [InlineData("max-age=60, public", null)]
    [InlineData("max-age=60, must-revalidate", null)]
    [InlineData("s-maxage=60", null)]
    [InlineData("max-age=60, public=x", NotStored.AuthorizedRequest)]
    public void Given_an_authorized_request_then_a_directive_must_allow_sharing(string directives, NotStored? why) =>
        Assert.Equal(why, WhyNot($"Cache-Control: {directives}", "Authorization: Basic x"));

    [Theory]
    [InlineData("ETag: \"a\"", 200, null)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT", 200, null)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT", 302, NotStored.NothingAllowsStoring)]
    [InlineData("ETag: \"a\"", 500, NotStored.NothingAllowsStoring)]
    [InlineData("Cache-Control: public|ETag: \"a\"", 500, null)]
    [InlineData("Expires: Fri, 01 May 2099 00:00:00 GMT", 500, null)]
    [InlineData("X: y", 200, NotStored.NeverReusable)]
    [InlineData("Last-Modified: yesterday", 200, NotStored.NeverReusable)]
    [InlineData("Cache-Control: public", 200, NotStored.NeverReusable)]
    [InlineData("Cache-Control: max-age=0", 200, NotStored.NeverReusable)]
    [InlineData("Cache-Control: max-age=0|ETag: \"a\"", 200, null)]
    [InlineData("Cache-Control: max-age=0, stale-if-error=60", 200, null)]
    [InlineData("Cache-Control: max-age=0, stale-while-revalidate=60", 200, null)]
    [InlineData("Cache-Control: no-cache, max-age=60", 200, NotStored.NeverReusable)]
    [InlineData("Cache-Control: no-cache|ETag: \"a\"", 200, null)]
    [InlineData("Expires: 0", 200, NotStored.NeverReusable)]
    [InlineData("Expires: Thu, 01 Jan 1970 00:00:00 GMT", 200, NotStored.NeverReusable)]
    [InlineData("Date: Fri, 01 May 2026 00:00:00 GMT|Expires: Fri, 01 May 2026 00:00:00 GMT", 200, NotStored.NeverReusable)]
    public void Given_little_said_about_freshness_then_it_must_be_reusable_some_day(string lines, int status, NotStored? why) =>
        Assert.Equal(why, WhyNot(lines, status: status));

    [Theory, Trait("Spec", "RFC 9111 §4.1")]
    [InlineData("Vary: *")]
    [InlineData("Vary: *, *")]
    [InlineData("Vary: , *")]
    [InlineData("Vary: |Vary: *")]
    [InlineData("Vary: *, Foo")]
    [InlineData("Vary: Foo, *")]
    [InlineData("Vary: Foo|vary: *")]
    [InlineData("Vary: Foo Bar")]
    [InlineData("Vary: \"Foo\"")]
    public void Given_a_vary_that_no_request_can_match_then_it_is_not_stored(string vary) =>
        Assert.Equal(NotStored.VariesOnEverything, WhyNot($"Cache-Control: max-age=60|{vary}"));

    [Theory, Trait("Spec", "RFC 9111 §7.3")]
    [InlineData("Cache-Control: max-age=60", null, NotStored.SetsCookie)]
    [InlineData("Cache-Control: s-maxage=60", null, null)]
    [InlineData("Cache-Control: public, max-age=60", null, null)]
    [InlineData("Cache-Control: max-age=0, must-revalidate|ETag: \"a\"", NotStored.SetsCookie, NotStored.SetsCookie)]
    [InlineData("Cache-Control: no-cache, max-age=60|ETag: \"a\"", NotStored.SetsCookie, NotStored.SetsCookie)]
    [InlineData("ETag: \"a\"", NotStored.SetsCookie, NotStored.SetsCookie)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT", NotStored.SetsCookie, NotStored.SetsCookie)]
    public void Given_set_cookie_then_the_origin_must_have_meant_it(string lines, NotStored? withLifetime, NotStored? whenShared)
    {
        var response = lines + "|Set-Cookie: a=b";
        Assert.Equal(withLifetime, WhyNot(response, options: new() { SetCookie = SetCookieStorage.WithExplicitLifetime }));
        Assert.Equal(whenShared, WhyNot(response));
        Assert.Null(WhyNot(response, options: new() { SetCookie = SetCookieStorage.Always }));
    }

    [Fact]
    public void Given_a_request_with_content_then_it_is_not_stored() =>
        Assert.Equal(NotStored.RequestHasContent, WhyNot("Cache-Control: max-age=60", options: new() { RequestHasContent = true }));

    [Fact, Trait("Spec", "RFC 9111 §3.1")]
    public void Given_qualified_private_and_connection_then_those_fields_are_not_stored() =>
        Assert.Equal(["Cache-Control", "C"], Storability.StorableFields(TargetList.None, Given.Ok(
            "Cache-Control: private=\"a, X-User\"", "Connection: b", "A: 1", "b: 2", "C: 3", "x-user: me", "Proxy-Authenticate: x"))
            .Select(line => line.Name));
}
