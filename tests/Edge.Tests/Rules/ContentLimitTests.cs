using Granary.Edge.Tests.Routing;
using Granary.Language;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Rules;

public sealed class ContentLimitTests : IAsyncLifetime
{
    private static readonly string[] Limited = ["--Granary:Client:MaxRequestContentSize", "100B"];

    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        foreach (var path in new[] { "/form", "/small/form", "/large/form" }) _origin.Answers(path, 200, [], "taken");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Fact, Trait("Spec", "RFC 9110 §15.5.14"), Trait("Kind", "required")]
    public async Task What_says_that_it_is_too_large_is_refused_before_the_origin_hears_of_it()
    {
        await using var granary = await OneProcess.Starts(_origin, Limited);
        using var client = granary.Client();
        await client.Sends("POST", "/form", [], new string('x', 100)).Gets(200, "taken");
        (await client.Sends("POST", "/form", [], new string('x', 101)).Gets(413)).SaysNothingInner();
        _origin.WasAsked("/form", 1);
    }

    [Fact, Trait("Spec", "RFC 9110 §10.1.1"), Trait("Kind", "required")]
    public async Task Who_waits_to_be_asked_for_it_is_not_asked()
    {
        await using var granary = await OneProcess.Starts(_origin, Limited);
        using var raw = await RawClient.Connects(granary.Url);
        await raw.Sends("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", await raw.ReadsHead(), StringComparison.Ordinal);
        _origin.WasNotAsked("/form");
    }

    [Fact, Trait("Spec", "RFC 9110 §15.5.14"), Trait("Kind", "required")]
    public async Task What_does_not_say_its_length_is_cut_at_the_limit_and_the_connection_closed()
    {
        await using var granary = await OneProcess.Starts(_origin, Limited);
        using var raw = await RawClient.Connects(granary.Url);
        await raw.Sends($"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{101:x}\r\n{new string('x', 101)}\r\n0\r\n\r\n");
        var answer = await raw.ReadsToEnd();
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Empty(_origin.Requests("/form"));
        using var other = await RawClient.Connects(granary.Url);
        await other.Sends($"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{100:x}\r\n{new string('x', 100)}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await other.ReadsHead(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_route_has_its_own_limit_or_none(string version)
    {
        await using var granary = await Starts("""
            "small": { "ClusterId": "one", "Match": { "Path": "/small/{**rest}" }, "MaxRequestBodySize": 10 },
            "large": { "ClusterId": "one", "Match": { "Path": "/large/{**rest}" }, "MaxRequestBodySize": -1 },
            "all":   { "ClusterId": "one", "Match": { "Path": "{**rest}" } }
            """, Cluster("one", _origin), Limited);
        using var client = new Client(path => new Uri(granary.Process.Url, path), Version.Parse(version));
        foreach (var (path, size, status) in new[] { ("/small/form", 10, 200), ("/small/form", 11, 413), ("/form", 100, 200), ("/form", 101, 413), ("/large/form", 100_000, 200) })
            await client.Sends("POST", path, [], new string('x', size)).Gets(status);
    }

    [Fact]
    public async Task By_default_the_size_of_content_is_the_origins_to_limit()
    {
        await using var granary = await OneProcess.Starts(_origin);
        using var client = granary.Client();
        await client.Sends("POST", "/form", [], new string('x', 1_000_000)).Gets(200, "taken");
    }
}
