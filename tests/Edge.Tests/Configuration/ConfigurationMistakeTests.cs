using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Configuration;

public sealed class ConfigurationMistakeTests
{
    [Fact]
    public void Given_several_mistakes_then_one_message_lists_each_with_key_value_and_what_is_allowed()
    {
        using var file = ConfigFile.With("""{"Granary":{"Stroe":{"Memory":"1GB"},"Fetch":{"HeadTimeout":"5"}}}""");
        var environment = new Dictionary<string, string?> { ["Granary__Cluster__SiloPort"] = "99999" };

        var mistaken = Mistaken(["--port", "8080", "--origin", "example.com", "--memory", "lots", "--config", file.Path, "--redis"], environment);

        Assert.Equal(
            ["--port", "Granary:Cluster:Redis", "Granary:Cluster:SiloPort", "Granary:Fetch:HeadTimeout", "Granary:Origin", "Granary:Store:Memory", "Granary:Stroe:Memory"],
            mistaken.Mistakes.Select(m => m.Key).Order(StringComparer.Ordinal));
        foreach (var word in (string[])["7 mistakes", "--port", "8080", "--origin", "example.com", "http://example.com", "lots", "512KB", "99999", "Granary__Cluster__SiloPort",
            "granary.json", "Granary:Store:Memory", "from 0 to 65535", "5s", "--redis"])
            Assert.Contains(word, mistaken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", mistaken.Message, StringComparison.Ordinal);
        Assert.Equal(2, ConfigurationOutcome.Mistaken.ExitCode);
    }

    [Theory]
    [InlineData("--port 8080", "--port", "--listen http://localhost:8080")]
    [InlineData("--urls http://*:80", "--urls", "--listen")]
    [InlineData("--upstream http://a", "--upstream", "--origin")]
    [InlineData("--orgin http://a", "--orgin", "--origin")]
    [InlineData("--silo_port 1", "--silo_port", "--silo-port")]
    [InlineData("--entirely-else 1", "--entirely-else", null)]
    [InlineData("--Granary:Memory 1GB", "Granary:Memory", "Granary:Store:Memory")]
    [InlineData("--Granary:Stroe:Memory 1GB", "Granary:Stroe:Memory", "Granary:Store:Memory")]
    [InlineData("--Granary:Fetch:HeadTimeOuts 1s", "Granary:Fetch:HeadTimeOuts", "Granary:Fetch:HeadTimeout")]
    [InlineData("--Grannary:Origin http://a", "Grannary:Origin", "Granary")]
    [InlineData("--origin example.com", "Granary:Origin", "http://example.com")]
    [InlineData("--origin localhost:3000", "Granary:Origin", "http://localhost:3000")]
    [InlineData("--origin http://example.com/base?x=1", "Granary:Origin", "http://example.com")]
    [InlineData("--listen 8080", "Granary:Listen", "http://localhost:8080")]
    [InlineData("--listen localhost:8080", "Granary:Listen", "http://localhost:8080")]
    [InlineData("--allow-destination 10.1.2.3/8", "Granary:Access:AllowDestinations", "10.0.0.0/8")]
    [InlineData("--allow-destination localhost", "Granary:Access:AllowDestinations", "127.0.0.0/8;::1")]
    [InlineData("--Granary:Fetch:HeadTimeout 30", "Granary:Fetch:HeadTimeout", "30s")]
    [InlineData("--redis redis://host:6379/", "Granary:Cluster:Redis", "host:6379")]
    public void Given_a_slip_of_the_pen_then_what_was_meant_is_suggested(string args, string key, string? suggestion)
    {
        var mistake = Assert.Single(Mistaken(args.Split(' ')).Mistakes);

        Assert.Equal((key, suggestion), (mistake.Key, mistake.Suggestion));
    }

    [Theory]
    [InlineData("--listen", "http://example.com:80")]
    [InlineData("--listen", "ftp://localhost:80")]
    [InlineData("--listen", "http://localhost:65536")]
    [InlineData("--listen", "http://localhost:-1")]
    [InlineData("--listen", "http://localhost:80/path")]
    [InlineData("--listen", "http://")]
    [InlineData("--listen", "http://::1:80")]
    [InlineData("--listen", ";")]
    [InlineData("--listen", "")]
    [InlineData("--listen", "http://localhost:1;http://localhost:1")]
    [InlineData("--listen", "http://*:1;http://127.0.0.1:1")]
    [InlineData("--listen", "http://*:8081")]
    [InlineData("--admin", "http://localhost:1;http://localhost:2")]
    [InlineData("--admin", "http://*:9000")]
    [InlineData("--admin", "http://10.0.0.1:9000")]
    [InlineData("--admin", "http://localhost:8080")]
    [InlineData("--origin", "")]
    [InlineData("--origin", "/path")]
    [InlineData("--origin", "http://")]
    [InlineData("--origin", "http://user@example.com")]
    [InlineData("--origin", "http://user:secret@example.com")]
    [InlineData("--origin", "http://example.com/path")]
    [InlineData("--origin", "http://example.com/?")]
    [InlineData("--origin", "http://example.com#f")]
    [InlineData("--origin", "http://example.com:0")]
    [InlineData("--origin", "http://example.com:99999")]
    [InlineData("--origin", "file:///etc/passwd")]
    [InlineData("--redis", "host:port")]
    [InlineData("--redis", "")]
    [InlineData("--name", "a b")]
    [InlineData("--name", "")]
    [InlineData("--silo-port", "-1")]
    [InlineData("--silo-port", "+1")]
    [InlineData("--silo-port", "1e3")]
    [InlineData("--silo-port", "30000")]
    [InlineData("--gateway-port", "8080")]
    [InlineData("--advertise", "0.0.0.0")]
    [InlineData("--advertise", "host")]
    [InlineData("--advertise", "10")]
    [InlineData("--memory", "0")]
    [InlineData("--memory", "-1GB")]
    [InlineData("--memory", "1,5GB")]
    [InlineData("--memory", "101%")]
    [InlineData("--memory", "0%")]
    [InlineData("--memory", "%")]
    [InlineData("--memory", "GB")]
    [InlineData("--memory", "999999999999999999999GB")]
    [InlineData("--memory", "1 000 MB")]
    [InlineData("--disk-size", "50%")]
    [InlineData("--disk", "")]
    [InlineData("--allow-destination", "10.0.0.0/33")]
    [InlineData("--allow-destination", "example.com")]
    [InlineData("--config", "there-is-no-such-file.json")]
    [InlineData("--config", "")]
    [InlineData("--Granary:Pseudonym", "two words")]
    [InlineData("--Granary:Pseudonym", "a;b")]
    [InlineData("--Granary:Fetch:ConnectTimeout", "0")]
    [InlineData("--Granary:Fetch:ConnectTimeout", "-5s")]
    [InlineData("--Granary:Fetch:ConnectTimeout", "1e3s")]
    [InlineData("--Granary:Fetch:ConnectTimeout", "99999999999999999999d")]
    [InlineData("--Granary:Fetch:ConnectTimeout", "soon")]
    [InlineData("--Granary:Freshness:HeuristicFraction", "1.5")]
    [InlineData("--Granary:Freshness:HeuristicFraction", "NaN")]
    [InlineData("--Granary:Freshness:HeuristicFraction", "0,1")]
    [InlineData("--Granary:Store:MaxResponseSize", "64TiB")]
    [InlineData("--Granary:Admin:Token", "two words")]
    [InlineData("--Granary:Admin:Token", "")]
    [InlineData("--Granary:Store", "1GB")]
    [InlineData("--Granary:Access:AllowClients:first", "10.0.0.0/8")]
    [InlineData("--AllowedHosts:x", "1")]
    public void Given_a_value_that_is_not_allowed_then_it_is_exactly_one_mistake(string name, string value) =>
        Assert.Single(Mistaken([$"{name}={value}"]).Mistakes);

    [Theory]
    [InlineData("serve")]
    [InlineData("-v")]
    [InlineData("--")]
    [InlineData("--listen --origin http://a")]
    [InlineData("--config")]
    [InlineData("--=x")]
    public void Given_what_is_no_switch_or_has_no_value_then_that_is_a_mistake(string args) => Assert.Single(Mistaken(args.Split(' ')).Mistakes);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"Granary":{"Origin":"http://a","origin":"http://b"}}""")]
    public void Given_a_file_that_is_not_readable_json_then_that_is_a_mistake(string content)
    {
        using var file = ConfigFile.With(content);

        Assert.Equal("--config", Assert.Single(Mistaken(["--config", file.Path]).Mistakes).Key);
    }

    [Fact]
    public void Given_an_unknown_section_in_the_file_then_it_is_a_mistake()
    {
        using var file = ConfigFile.With("""{"granery":{"Origin":"http://a"}}""");

        Assert.Equal("Granary", Assert.Single(Mistaken(["--config", file.Path]).Mistakes).Suggestion);
    }

    [Fact]
    public void Given_an_admin_address_that_others_reach_when_there_is_a_token_then_it_is_allowed() =>
        Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read(["--admin", "http://*:9000", "--Granary:Admin:Token", "s3cret"], new Dictionary<string, string?>()));

    [Theory]
    [InlineData("--listen", "https://*:8443", "Granary:Listen")]
    [InlineData("--admin", "https://localhost:8443", "Granary:Admin:Listen")]
    public void Given_a_listener_with_TLS_when_there_is_no_certificate_then_that_is_a_mistake(string name, string value, string key)
    {
        var mistake = Assert.Single(Mistaken([name, value]).Mistakes);

        Assert.Equal((key, value, name), (mistake.Key, mistake.Value, mistake.WrittenAs));
        Assert.Contains("Granary:Tls:Certificates:0:Certificate", mistake.Allowed, StringComparison.Ordinal);
        Assert.Single(Mistaken([name, value, "--Kestrel:Certificates:Default:Password", "x"]).Mistakes);
        Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read([name, value], new Dictionary<string, string?> { ["Kestrel__Certificates__Default__Path"] = "/tls.pfx" }));
    }

    [Theory]
    [InlineData("--Granary:Admin:Token", "hush hush")]
    [InlineData("--Granary:Admin:Tokn", "hush")]
    [InlineData("--redis", "host:port,password=hush")]
    [InlineData("--admin-token", "hush")]
    [InlineData("--origin", "http://user:hush@example.com")]
    [InlineData("--target", "http://user:hush@example.com")]
    public void Given_a_mistake_in_a_secret_then_the_message_does_not_tell_it(string name, string value) =>
        Assert.DoesNotContain("hush", Mistaken([name, value]).Message, StringComparison.Ordinal);

    [Fact]
    public void Given_control_bytes_and_endless_values_then_the_message_shows_them_harmless_and_short()
    {
        var message = Mistaken(["--memory", $"\u001b[31m{new string('x', 100_000)}"]).Message;

        Assert.DoesNotContain('\u001b', message);
        Assert.InRange(message.Length, 1, 1000);
    }

    private static ConfigurationOutcome.Mistaken Mistaken(string[] args, Dictionary<string, string?>? environment = null) =>
        Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(args, environment ?? []));
}
