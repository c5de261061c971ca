using System.Net;
using Granary.Edge.Tests.Configuration;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Tls;

/// <summary>http that leads to https, and the promise to stay there.</summary>
public sealed class RedirectTests : IAsyncLifetime, IDisposable
{
    private readonly Issuer _issuer = new();
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/page", 200, ["Cache-Control: max-age=60", "Strict-Transport-Security: max-age=1"], "page");
        _origin.Answers("/.well-known/acme-challenge/token", 200, [], "token.key");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public void Dispose() => _issuer.Dispose();

    [Theory, Trait("Spec", "RFC 9110 §15.4.9"), Trait("Kind", "required")]
    [InlineData("GET", "/page?a=1&b=%20x", "www.example.com", "https://www.example.com/page?a=1&b=%20x")]
    [InlineData("POST", "/page", "www.example.com:8080", "https://www.example.com/page")]
    [InlineData("HEAD", "//evil.example/x", "www.example.com", "https://www.example.com//evil.example/x")]
    [InlineData("GET", "http://other.example/page", "www.example.com", "https://other.example/page")]
    [InlineData("GET", "http://other.example?q", "www.example.com", "https://other.example/?q")]
    [InlineData("GET", "/", "[::1]:80", "https://[::1]/")]
    [InlineData("GET", "/.well-known/acme-challengex", "a.example", "https://a.example/.well-known/acme-challengex")]
    public async Task Http_leads_to_the_same_place_by_https(string method, string target, string host, string location)
    {
        await using var process = await Starts();
        var answer = await Says(process, $"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 308", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Strict-Transport-Security", answer, StringComparison.OrdinalIgnoreCase); // RFC 6797 §7.2
        _origin.WasNotAsked("/page");
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    public async Task Without_a_host_there_is_nowhere_to_lead_to(string request) => Assert.StartsWith("HTTP/1.1 400", await Says(await Starts(), request), StringComparison.Ordinal);

    [Fact, Trait("Spec", "RFC 8555 §8.3"), Trait("Kind", "required")]
    public async Task The_challenge_of_an_authority_and_a_purge_are_answered_as_ever()
    {
        await using var process = await Starts();
        using var client = process.Client();
        await client.Asks("/.well-known/acme-challenge/token").Gets(200, "token.key");
        await client.Sends("PURGE", "/page", []).Gets(200);
    }

    [Fact]
    public async Task The_port_is_that_of_the_settings()
    {
        await using var process = await Starts("--Granary:Tls:RedirectPort", "8443");
        Assert.Contains("\r\nLocation: https://a.example:8443/x\r\n", await Says(process, "GET /x HTTP/1.1\r\nHost: a.example:8080\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_named_listeners_lead_to_https_and_that_changes_while_it_runs()
    {
        using var file = ConfigFile.With("""{ "Granary": { "Tls": { "RedirectPort": 443 } } }""");
        await using var process = await OneProcess.Starts(_origin, ["--config", file.Path, "--listen", "http://127.0.0.2:0", .. _issuer.Switches((_issuer.ForServer("www.example.com"), null))]);
        var named = new Uri(process.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(static address => address.StartsWith("http://127.0.0.2", StringComparison.Ordinal)));
        foreach (var (settings, isLed) in ((string, bool)[])[("", false), (""", "RedirectFrom": ["http://127.0.0.2:0"]""", true)])
        {
            file.Becomes($$"""{ "Granary": { "Tls": { "RedirectPort": 443 {{settings}} } } }""");
            process.Services.GetRequiredService<SettingsSource>().Reload();
            using var one = process.Client();
            await one.Asks("/page").Gets(200, "page");
            using var other = new Client(path => new Uri(named, path));
            await other.Asks("/page").Gets(isLed ? 308 : 200);
        }
    }

    [Fact]
    public async Task A_forward_request_is_none_of_ours_to_lead_elsewhere()
    {
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.1", "--Granary:Tls:RedirectFrom", "*", "--Granary:Tls:RedirectPort", "443", "--Granary:Tls:Hsts:MaxAge", "1h", .. _issuer.Switches((_issuer.ForServer("www.example.com"), null))]);
        using var forward = process.ForwardClient(_origin);
        await forward.Asks("/page").Gets(200, "page");
        using var reverse = process.Client();
        await reverse.Asks("/page").Gets(308);
    }

    [Theory, InlineData("1.1"), InlineData("2.0"), Trait("Spec", "RFC 6797 §7.1"), Trait("Kind", "required")]
    public async Task Over_TLS_browsers_are_told_to_stay_in_one_field_whoever_answers(string version)
    {
        await using var process = await Starts("--Granary:Tls:Hsts:MaxAge", "730d", "--Granary:Tls:Hsts:IncludeSubDomains", "true", "--Granary:Tls:Hsts:Preload", "true");
        using var client = process.SecureClient(_issuer, version: new Version(version));
        foreach (var path in (string[])["/page", "/page", "/not-there", "/../x"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative)).Within();
            Assert.Equal("max-age=63072000; includeSubDomains; preload", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }
    }

    [Fact]
    public async Task Without_settings_what_origins_promise_is_passed_on()
    {
        await using var process = await OneProcess.Starts(_origin, _issuer.Switches((_issuer.ForServer("www.example.com"), null)));
        using var client = process.SecureClient(_issuer);
        using var answer = await client.GetAsync(new Uri("/page", UriKind.Relative)).Within();
        Assert.Equal("max-age=1", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    private Task<OneProcess> Starts(params string[] more) =>
        OneProcess.Starts(_origin, [.. _issuer.Switches((_issuer.ForServer("www.example.com"), null)), "--Granary:Tls:RedirectFrom", "*", .. more.Contains("--Granary:Tls:RedirectPort") ? [] : new[] { "--Granary:Tls:RedirectPort", "443" }, .. more]);

    private static async Task<string> Says(OneProcess process, string request)
    {
        using var client = await RawClient.Connects(process.Url);
        await client.Sends(request);
        return await client.ReadsToEnd();
    }
}
