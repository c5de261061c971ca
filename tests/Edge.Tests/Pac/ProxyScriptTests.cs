using Granary.Edge.Hosting;
using Granary.Edge.Pac;
using Granary.Language;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Tests.Pac;

public sealed class ProxyScriptTests
{
    [Fact]
    public void It_names_the_proxies_and_what_is_asked_without_one()
    {
        var script = ProxyScript.Of(new PacSettings { Proxy = [new Uri("https://proxy.example.com:8443"), new Uri("http://proxy.example.com:8080"), new Uri("socks5://[fd00::1]:8080")], Direct = ["Intranet.example.com", "*.local.example.com"] });
        Assert.Equal("""
            function FindProxyForURL(url, host) {
              host = host.toLowerCase();
              if (isPlainHostName(host) || host == "127.0.0.1" || host == "::1" || host == "[::1]") return "DIRECT";
              if (host == "intranet.example.com") return "DIRECT";
              if (dnsDomainIs(host, ".local.example.com")) return "DIRECT";
              return "HTTPS proxy.example.com:8443; PROXY proxy.example.com:8080; SOCKS5 [fd00::1]:8080";
            }

            """, script);
    }

    [Theory]
    [InlineData("ftp://proxy.example.com:8080")]
    [InlineData("proxy.example.com:8080")]
    [InlineData("http://user:pass@proxy.example.com:8080")]
    [InlineData("http://proxy.example.com:8080/path")]
    [InlineData("socks5://proxy.example.com")]
    [InlineData("http://a\"b:80")]
    public void What_is_no_proxy_is_a_mistake(string text) => Assert.Null(new ProxiesAttribute("").Read(text));

    [Fact]
    public async Task Browsers_read_it_from_the_proxy_itself_and_from_no_other_site()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/proxy.pac", 200, ["Cache-Control: no-store"], "theirs");
        using var users = new Users.KnownUsers();
        await using var process = await OneProcess.Starts(null, [.. users.Required, "--allow-destination", "127.0.0.0/8", "--Granary:Pac:Proxy", "http://proxy.example.com:8080"]);
        using var client = process.Client();
        foreach (var path in (string[])["proxy.pac", "wpad.dat", ".well-known/wpad.dat"])
        {
            var got = await client.Asks(path).Gets(200);
            Assert.Equal("application/x-ns-proxy-autoconfig", got.Field("Content-Type"));
            Assert.Contains("PROXY proxy.example.com:8080", got.Content, StringComparison.Ordinal);
        }

        Assert.Empty((await client.Sends("HEAD", "proxy.pac", []).Gets(200)).Content);
        await client.Sends("POST", "proxy.pac", []).Gets(404);
        await client.Asks("other.pac").Gets(404);
        using var forward = process.ForwardClient(origin);
        await forward.Asks("/proxy.pac", Users.KnownUsers.Says("alice", "secret")).Gets(200, "theirs");
    }

    [Fact]
    public void It_goes_with_nothing_else()
    {
        foreach (var args in (string[][])[["--Granary:Pac:Direct", "a.example.com"], ["--Granary:Pac:Proxy", "http://a:1", "--origin", "http://example.com"]])
            Assert.Contains("Granary:Pac", Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(args, new Dictionary<string, string?>(), EdgeHost.MistakesInRoutes)).Message, StringComparison.Ordinal);
    }
}
