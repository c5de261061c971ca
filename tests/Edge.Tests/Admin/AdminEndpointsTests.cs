using System.Net;
using Granary.Edge.Errors;

namespace Granary.Edge.Tests.Admin;

public sealed class AdminEndpointsTests
{
    private static readonly string[] WithToken = ["--Granary:Admin:Token", "s3cret"];

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/purge")]
    public async Task The_proxy_listener_never_leads_to_the_admin_endpoints(string path)
    {
        await using var host = await AdminHost.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host.Admin.BaseAddress!.Authority } };

        using var response = await host.Proxy.SendAsync(request);

        Assert.Equal("proxied", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Health_follows_the_state_of_the_process()
    {
        await using var host = await AdminHost.Start();
        Assert.Equal((200, 503, 503), await Health(host));

        host.Readiness.NotReady("cluster", "no gateway yet");
        host.Readiness.Started();
        Assert.Equal((200, 200, 503), await Health(host));
        Assert.Contains("cluster: no gateway yet", await (await host.Asks("GET", "/health/ready")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        host.Readiness.Ready("cluster");
        Assert.Equal((200, 200, 200), await Health(host));

        host.Readiness.NotReady("drain", "stopping");
        Assert.Equal((200, 200, 503), await Health(host));
    }

    [Fact]
    public async Task Metrics_are_in_the_text_format_of_prometheus_with_our_counters_and_those_of_the_server()
    {
        await using var host = await AdminHost.Start();
        host.Errors.Count(ForwardError.LoopDetected);

        using var response = await host.Asks("GET", "/metrics");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches("granary_errors_total\\{[^}]*error=\"proxy_loop_detected\"[^}]*\\} 1", text);
        Assert.Contains("kestrel_active_connections", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/health", 404)]
    [InlineData("GET", "/health/live/", 404)]
    [InlineData("GET", "/HEALTH/LIVE", 404)]
    [InlineData("GET", "/metrics/x", 404)]
    [InlineData("POST", "/health/live", 405)]
    [InlineData("POST", "/metrics", 405)]
    [InlineData("GET", "/purge", 405)]
    [InlineData("HEAD", "/health/live", 200)]
    [InlineData("HEAD", "/metrics", 200)]
    [InlineData("POST", "/purge", 200)]
    public async Task A_path_is_exact_and_has_its_methods(string method, string path, int status)
    {
        await using var host = await AdminHost.Start();

        using var response = await host.Asks(method, path);

        Assert.Equal(status, (int)response.StatusCode);
        if (status >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        if (status == 405) Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:8081", 200)]
    [InlineData("LOCALHOST", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:1", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    public async Task Without_a_token_only_names_of_loopback_are_let_in(string hostField, int status)
    {
        await using var host = await AdminHost.Start();

        using var response = await host.Asks("GET", "/metrics", $"Host: {hostField}");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Origin: http://evil.example", 403)]
    [InlineData("Origin: null", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Sec-Fetch-Site: same-origin", 200)]
    [InlineData("Sec-Fetch-Site: none", 200)]
    public async Task A_page_from_elsewhere_may_not_purge(string field, int status)
    {
        await using var host = await AdminHost.Start();

        using var response = await host.Asks("POST", "/purge", field);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory, Trait("Spec", "RFC 6750 §3"), Trait("Kind", "required")]
    [InlineData(null, 401, "Bearer realm=\"granary\"")]
    [InlineData("Authorization: Basic s3cret", 401, "Bearer realm=\"granary\"")]
    [InlineData("Authorization: Bearer", 401, "Bearer realm=\"granary\"")]
    [InlineData("Authorization: Bearer wrong", 401, "Bearer realm=\"granary\", error=\"invalid_token\"")]
    [InlineData("Authorization: Bearer s3cre", 401, "Bearer realm=\"granary\", error=\"invalid_token\"")]
    [InlineData("Authorization: Bearer s3crets", 401, "Bearer realm=\"granary\", error=\"invalid_token\"")]
    [InlineData("Authorization: Bearer s3cret", 200, null)]
    [InlineData("Authorization: bearer s3cret", 200, null)]
    public async Task With_a_token_configured_only_the_token_opens(string? field, int status, string? challenge)
    {
        await using var host = await AdminHost.Start(WithToken);

        using var response = await host.Asks("GET", "/metrics", field is null ? ["Host: metrics.example"] : ["Host: metrics.example", field]);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(challenge, response.Headers.WwwAuthenticate.Count == 0 ? null : response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task With_a_token_configured_probes_still_need_none()
    {
        await using var host = await AdminHost.Start(WithToken);

        using var response = await host.Asks("GET", "/health/live", "Host: 10.0.0.7:8081");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task With_a_token_configured_nobody_learns_without_it_which_paths_there_are()
    {
        await using var host = await AdminHost.Start(WithToken);

        using var response = await host.Asks("GET", "/nothing");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("--Granary:Client:MaxRequestHeadSize", "1MiB")]
    [InlineData("--Granary:Client:MaxRequestHeadSize", "1KiB")]
    [InlineData("--Granary:Client:MinRateGrace", "2s")]
    [InlineData("--Granary:Client:MinRate", "0")]
    [InlineData("--Granary:Client:HeadTimeout", "100ms")]
    public async Task What_is_allowed_as_a_limit_is_taken_by_the_server(string key, string value)
    {
        await using var host = await AdminHost.Start(key, value);

        Assert.Equal("proxied", await host.Proxy.GetStringAsync("/"));
    }

    private static async Task<(int Live, int Startup, int Ready)> Health(AdminHost host) =>
        ((int)(await host.Asks("GET", "/health/live")).StatusCode, (int)(await host.Asks("GET", "/health/startup")).StatusCode,
            (int)(await host.Asks("GET", "/health/ready")).StatusCode);
}
