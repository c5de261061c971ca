using Granary.Language;

namespace Granary.Edge.Tests.Hiding;

public sealed class RedirectTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/older", 200, [], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private static string[] Rule(string from, string to, params string[] more) =>
        ["--Granary:Redirects:0:From", from, "--Granary:Redirects:0:To", to, .. more.Select((word, i) => i % 2 == 0 ? $"--Granary:Redirects:0:{word}" : word)];

    [Theory, Trait("Spec", "RFC 9110 §15.4"), Trait("Kind", "check")]
    [InlineData("/old", "/new", "/old", "http://HOST/new")]
    [InlineData("/old", "/new", "/old?a=b", "http://HOST/new?a=b")]
    [InlineData("/old/*", "/new/*", "/old/a/b?c", "http://HOST/new/a/b?c")]
    [InlineData("/old/*", "/new/*", "/old/", "http://HOST/new/")]
    [InlineData("/old/*", "/*", "/old//evil.example", "http://HOST//evil.example")]
    [InlineData("/old/*", "https://www.example/*", "/old/%0d%0aSet-Cookie:x", "https://www.example/%0D%0ASet-Cookie:x")]
    [InlineData("/old/*", "https://www.example/?from=x", "/old/a?b=c", "https://www.example/?from=x&b=c")]
    [InlineData("/old", "/new#part", "/old?a", "http://HOST/new#part")]
    [InlineData("/old", "/new", "/%6f%6Cd", "http://HOST/new")]
    public async Task What_has_moved_is_redirected(string from, string to, string path, string location)
    {
        await using var granary = await OneProcess.Starts(_origin, Rule(from, to));
        using var raw = await RawClient.Connects(granary.Url);
        await raw.Sends($"GET {path} HTTP/1.1\r\nHost: shop.example:8443\r\n\r\n");
        var (head, _) = await raw.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 302", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location.Replace("HOST", "shop.example:8443", StringComparison.Ordinal)}\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_moved_goes_on_and_a_rule_for_a_host_is_for_that_host()
    {
        await using var granary = await OneProcess.Starts(_origin, Rule("www.example/*", "https://example/*", "Status", "308", "KeepQuery", "false"));
        using var here = granary.Client();
        await here.Asks("/older").Gets(200, "ok");
        using var there = new Client(path => new Uri(granary.Url, path), host: "WWW.example:81");
        (await there.Sends("POST", "/older?q", [], "x").Gets(308)).Has("Location: https://example/older");
        await using var exact = await OneProcess.Starts(_origin, Rule("/old", "/new"));
        using var client = exact.Client();
        await client.Asks("/older").Gets(200, "ok");
        await client.Sends("PURGE", "/old", []).Gets(200);
        using var raw = await RawClient.Connects(exact.Url);
        await raw.Sends("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.DoesNotContain("Location", (await raw.ReadsResponse()).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_redirected_before_they_are_looked_at_and_forward_requests_never()
    {
        _origin.Answers("/old", 200, [], "of the other site");
        await using var granary = await OneProcess.Starts(null, [.. Rule("/old", "/new"), "--allow-destination", "127.0.0.0/8"]);
        using var direct = granary.Client();
        await direct.Asks("/old").Gets(302);
        using var forward = granary.ForwardClient(_origin);
        await forward.Asks("/old").Gets(200, "of the other site");
    }

    [Theory]
    [InlineData("old", "/new"), InlineData("/o*d", "/new"), InlineData("/old?x", "/new"), InlineData("/old", "//evil.example"), InlineData("/old", "new"), InlineData("/old", "/new/*"), InlineData("/old/*", "/*/x"), InlineData("/old", "*"), InlineData("/old", "javascript:x")]
    public async Task Rules_that_cannot_be_meant_are_mistakes(string from, string to) =>
        Assert.Contains("Granary:Redirects:0:", (await Assert.ThrowsAsync<ArgumentException>(() => OneProcess.Starts(null, Rule(from, to)))).Message, StringComparison.Ordinal);
}
