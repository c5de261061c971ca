using System.Security.Authentication;
using Granary.Edge.Tests.Routing;
using Granary.Language;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Granary.Edge.Tests.Tls;

/// <summary>TLS towards origins: whom we believe, and whom we ask for.</summary>
public sealed class OriginTlsTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task An_origin_with_a_certificate_of_our_own_authority_is_fetched_from_and_passed_to(string trustSystem)
    {
        await using var origin = await SecureOrigin.Starts(_issuer.ByIntermediate("127.0.0.1"));
        await using var process = await OneProcess.Starts(null, Reverse(origin, "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:TrustSystem", trustSystem));
        using var client = process.Client();
        await client.Asks("/page").Gets(200, $"HTTP/1.1 name= host=127.0.0.1:{origin.Port} client=");
        await client.Sends("POST", "/page", [], "x").Gets(200, $"HTTP/1.1 name= host=127.0.0.1:{origin.Port} client=");
    }

    [Theory]
    [InlineData("not of our authority")]
    [InlineData("expired")]
    [InlineData("another name")]
    public async Task A_certificate_that_is_not_accepted_is_a_502_that_names_the_stage_and_nothing_inner(string how)
    {
        using var stranger = new Issuer("stranger");
        var issued = how switch
        {
            "not of our authority" => stranger.ForServer("127.0.0.1"),
            "expired" => _issuer.Issues("CN=a", ["127.0.0.1"], ends: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _ => _issuer.ForServer("127.0.0.2", "localhost"),
        };
        await using var origin = await SecureOrigin.Starts(issued);
        await using var process = await OneProcess.Starts(null, Reverse(origin, "--Granary:Fetch:Tls:Authority", _issuer.RootFile));
        using var client = process.Client();
        await client.Asks("/page").Fails(502, "tls", "tls_certificate_error");
        await client.Sends("POST", "/page", [], "x").Fails(502, "tls", "tls_certificate_error");
    }

    [Fact]
    public async Task By_default_only_authorities_of_the_system_are_believed()
    {
        await using var origin = await SecureOrigin.Starts(_issuer.ForServer("127.0.0.1"));
        await using var process = await OneProcess.Starts(null, Reverse(origin));
        using var client = process.Client();
        await client.Asks("/page").Fails(502, "tls", "tls_certificate_error");
    }

    [Fact]
    public async Task Any_certificate_is_accepted_only_where_the_settings_say_so_and_never_in_forward_mode()
    {
        await using var origin = await SecureOrigin.Starts(_issuer.ForServer("another.example"));
        await using var reverse = await OneProcess.Starts(null, Reverse(origin, "--Granary:Fetch:Tls:AcceptAnyCertificate", "true"));
        using var client = reverse.Client();
        await client.Asks("/page").Gets(200);
        await using var forward = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.1", "--Granary:Fetch:Tls:AcceptAnyCertificate", "true"]);
        Assert.Contains("tls_certificate_error", await Forward(forward, origin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_forward_mode_our_own_authority_counts_and_strangers_are_not_shown_who_we_are()
    {
        var (certificate, key) = _issuer.Files("us", _issuer.ForClient("CN=granary"));
        await using var origin = await SecureOrigin.Starts(_issuer.ForServer("127.0.0.1"), clients: ClientCertificateMode.AllowCertificate);
        await using var forward = await OneProcess.Starts(
            null, ["--allow-destination", "127.0.0.1", "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:Certificate", certificate, "--Granary:Fetch:Tls:Key", key]);
        Assert.EndsWith($"host=127.0.0.1:{origin.Port} client=", (await Forward(forward, origin)).TrimEnd('\r', '\n', '0'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_that_is_asked_for_can_be_another_than_that_of_the_URL()
    {
        await using var origin = await SecureOrigin.Starts(_issuer.ForServer("www.example.com"));
        await using (var named = await OneProcess.Starts(null, Reverse(origin, "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:ServerName", "www.example.com")))
        {
            using var client = named.Client();
            for (var i = 0; i < 3; i++) await client.Asks("/page").Gets(200, $"HTTP/1.1 name=www.example.com host=127.0.0.1:{origin.Port} client=");
            await client.Sends("POST", "/page", [], "x").Gets(200);
        }

        await using var other = await OneProcess.Starts(null, Reverse(origin, "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:ServerName", "other.example.com"));
        using var refused = other.Client();
        await refused.Asks("/page").Fails(502, "tls", "tls_certificate_error");
    }

    [Fact]
    public async Task A_configured_origin_that_asks_is_shown_our_certificate()
    {
        var (certificate, key) = _issuer.Files("us", _issuer.ForClient("CN=granary"));
        await using var origin = await SecureOrigin.Starts(_issuer.ForServer("127.0.0.1"), clients: ClientCertificateMode.RequireCertificate);
        await using var process = await OneProcess.Starts(
            null, Reverse(origin, "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:Certificate", certificate, "--Granary:Fetch:Tls:Key", key, "--Granary:Fetch:MaxConnectionsPerOrigin", "1"));
        using var client = process.Client();
        await client.Asks("/page", "Connection: close").Gets(200, $"HTTP/1.1 name= host=127.0.0.1:{origin.Port} client=CN=granary");
    }

    [Fact]
    public async Task A_handshake_that_fails_is_a_502_of_that_stage()
    {
        await using var old = await SecureOrigin.Starts(_issuer.ForServer("127.0.0.1"), SslProtocols.Tls12);
        await using var process = await OneProcess.Starts(null, Reverse(old, "--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:MinVersion", "Tls13"));
        using var client = process.Client();
        await client.Asks("/page").Fails(502, "tls", "tls_protocol_error");

        await using var plain = Origin.Starts();
        foreach (var more in (string[][])[[], ["--Granary:Fetch:Tls:ServerName", "a.example"]])
        {
            await using var toPlain = await OneProcess.Starts(null, ["--origin", plain.Url.Replace("http:", "https:", StringComparison.Ordinal), .. more]);
            using var asks = toPlain.Client();
            await asks.Asks("/page").Fails(502, "tls", "tls_protocol_error");
        }
    }

    [Fact]
    public async Task A_cluster_of_YARP_is_reached_by_our_authority_by_the_Host_of_its_destinations_and_by_its_own_word_on_certificates()
    {
        await using var ours = await SecureOrigin.Starts(_issuer.ForServer("www.example.com"), SslProtocols.Tls12);
        var (certificate, key) = _issuer.Files("us", _issuer.ForClient("CN=granary"));
        await using var granary = await RoutedProcess.Starts(
            """ "named": { "ClusterId": "named", "Match": { "Path": "/named/{**rest}" } }, "unnamed": { "ClusterId": "unnamed", "Match": { "Path": "/unnamed/{**rest}" } }, "any": { "ClusterId": "any", "Match": { "Path": "/any/{**rest}" } }, "new": { "ClusterId": "new", "Match": { "Path": "/new/{**rest}" } } """,
            $$"""
              {{""}}"named": { "Destinations": { "one": { "Address": "https://127.0.0.1:{{ours.Port}}/", "Host": "www.example.com" } } },
              "unnamed": { "Destinations": { "one": { "Address": "https://127.0.0.1:{{ours.Port}}/" } } },
              "any": { "HttpClient": { "DangerousAcceptAnyServerCertificate": true }, "Destinations": { "one": { "Address": "https://127.0.0.1:{{ours.Port}}/" } } },
              "new": { "HttpClient": { "SslProtocols": [ "Tls13" ] }, "Destinations": { "one": { "Address": "https://127.0.0.1:{{ours.Port}}/", "Host": "www.example.com" } } }
              """,
            ["--Granary:Fetch:Tls:Authority", _issuer.RootFile, "--Granary:Fetch:Tls:Certificate", certificate, "--Granary:Fetch:Tls:Key", key]);
        using var client = granary.Client();
        foreach (var method in (string[])["GET", "POST"])
        {
            Assert.Contains("name=www.example.com host=www.example.com", (await client.Sends(method, "/named/page", []).Gets(200)).Content, StringComparison.Ordinal);
            await client.Sends(method, "/unnamed/page", []).Fails(502, "tls", "tls_certificate_error");
            await client.Sends(method, "/any/page", []).Gets(200);
            await client.Sends(method, "/new/page", []).Fails(502, "tls", "tls_protocol_error");
        }
    }

    private static string[] Reverse(SecureOrigin origin, params string[] more) => ["--origin", $"https://127.0.0.1:{origin.Port}", .. more];

    // A client library would ask for a tunnel; some clients ask a proxy for https themselves.
    private static async Task<string> Forward(OneProcess process, SecureOrigin origin)
    {
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"GET https://127.0.0.1:{origin.Port}/page HTTP/1.1\r\nHost: 127.0.0.1:{origin.Port}\r\nConnection: close\r\n\r\n");
        return await client.ReadsToEnd();
    }
}
