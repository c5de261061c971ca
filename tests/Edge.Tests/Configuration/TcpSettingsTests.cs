using System.Collections.Immutable;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Configuration;

/// <summary>Records in a list, and what stands in those of layer 4.</summary>
public sealed class TcpSettingsTests
{
    private const string Sftp = """{"Listen":"*:2222","To":["10.0.0.1:22","sftp.internal:22"]}""";

    [Fact]
    public void Given_records_in_the_file_then_each_is_read_with_its_defaults_and_its_inner_records()
    {
        var settings = Valid($$$"""
            {"Granary":{"Tcp":[{{{Sftp}}}, {"Listen":"127.0.0.1:443","Name":"tls","Balance":"clientaddress","ProxyProtocolIn":"Required","TrustedFrom":["10.0.0.0/8"],"IdleTimeout":"5m",
            "Sni":[{"Host":"Git.example.com","To":"git:443"},{"Host":"*.example.com","To":"[fd00::1]:443;web:8443"}]}]}}
            """).Tcp;

        Assert.Equal(["*:2222", "127.0.0.1:443"], settings.Select(tcp => $"{tcp.Listen}"));
        Assert.Equal(["*:2222", "tls"], settings.Select(tcp => tcp.Title));
        Assert.Equal(["10.0.0.1:22", "sftp.internal:22"], settings[0].To.Select(to => $"{to}"));
        Assert.Equal((TcpBalance.RoundRobin, TcpBalance.ClientAddress), (settings[0].Balance, settings[1].Balance));
        Assert.Equal((CidrSet.Of("10.0.0.0/8"), TimeSpan.FromMinutes(5)), (settings[1].TrustedFrom, settings[1].IdleTimeout));
        Assert.Equal(["git.example.com git:443", "*.example.com [fd00::1]:443;web:8443"], settings[1].Sni.Select(sni => $"{sni.Host} {string.Join(';', sni.To)}"));
    }

    [Fact]
    public void Given_records_on_the_command_line_or_in_the_environment_then_they_are_read_as_well_and_the_topmost_layer_gives_the_whole_list()
    {
        using var file = ConfigFile.With($$$"""{"Granary":{"Tcp":[{{{Sftp}}},{{{Sftp.Replace("2222", "2223", StringComparison.Ordinal)}}}]}}""");
        var environment = new Dictionary<string, string?> { ["Granary__Tcp__0__Listen"] = "*:1", ["Granary__Tcp__0__To__0"] = "a:1" };

        Assert.Equal(2, Valid(["--config", file.Path], []).Tcp.Length);
        Assert.Equal("*:1", $"{Assert.Single(Valid(["--config", file.Path], environment).Tcp).Listen}");
        Assert.Equal("*:7", $"{Assert.Single(Valid(["--config", file.Path, "--Granary:Tcp:0:Listen", "*:7", "--granary:tcp:0:to", "a:1;b:2"], environment).Tcp).Listen}");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public void Given_an_empty_list_or_none_then_there_are_no_records(string list) => Assert.Empty(Valid($$$"""{"Granary":{"Tcp":{{{list}}}}}""").Tcp);

    [Fact]
    public void Given_mistakes_in_several_records_then_all_are_told_by_their_own_keys()
    {
        var mistakes = Mistakes("""
            {"Granary":{"Tcp":[{"Listen":"22","To":"a:22"},{"Lsten":"*:23","To":"b"},{"Listen":"*:24","Sni":[{"Hots":"x","To":"c:1"}],"IdleTimeout":"5"}]}}
            """);

        Assert.Equal(
            ["Granary:Tcp:0:Listen *:22", "Granary:Tcp:1:Listen ", "Granary:Tcp:1:Lsten Granary:Tcp:1:Listen", "Granary:Tcp:1:To ", "Granary:Tcp:2:IdleTimeout 5s",
                "Granary:Tcp:2:Sni:0:Host ", "Granary:Tcp:2:Sni:0:Hots Granary:Tcp:2:Sni:0:Host"],
            mistakes.Select(m => $"{m.Key} {m.Suggestion}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"Tcp":"x"}""", "Granary:Tcp")]
    [InlineData("""{"Tcp":["x"]}""", "Granary:Tcp:0")]
    [InlineData("""{"Tcp":{"first":{"Listen":"*:1","To":"a:1"}}}""", "Granary:Tcp:first:Listen")]
    [InlineData("""{"Tcp":{"1":{"Listen":"*:1","To":"a:1"}}}""", "Granary:Tcp:1")]
    [InlineData("""{"Tcp":{"00":{"Listen":"*:1","To":"a:1"}}}""", "Granary:Tcp:00:Listen")]
    [InlineData("""{"Tcp":[{"Listen":"*:1","To":["a:1"],"Sni":"x"}]}""", "Granary:Tcp:0:Sni")]
    public void Given_what_is_no_list_of_records_then_it_is_a_mistake(string granary, string key) => Assert.Contains(key, Mistakes($$$"""{"Granary":{{{granary}}}}""").Select(m => m.Key));

    [Theory]
    [InlineData("Listen", "22")]
    [InlineData("Listen", "tcp://*:22")]
    [InlineData("Listen", "*:22/")]
    [InlineData("Listen", "*:")]
    [InlineData("Listen", "*:-1")]
    [InlineData("Listen", "*:65536")]
    [InlineData("Listen", "*:20-10")]
    [InlineData("Listen", "*:0-9")]
    [InlineData("Listen", "*:10-20-30")]
    [InlineData("Listen", "*:1000-2000")]
    [InlineData("Listen", "host:22")]
    [InlineData("Listen", "::1:22")]
    [InlineData("Listen", "*:8080")]
    [InlineData("Listen", "localhost:8081")]
    [InlineData("Listen", "*:8000-8099")]
    [InlineData("Listen", "*:11111")]
    [InlineData("To", "")]
    [InlineData("To", "a")]
    [InlineData("To", "a:0")]
    [InlineData("To", "a:99999")]
    [InlineData("To", "a:22;a:22")]
    [InlineData("To", "a b")]
    [InlineData("To", "http://a:22")]
    [InlineData("To", "::1:22")]
    [InlineData("To", "10:22")]
    [InlineData("To", "256.0.0.1:22")]
    [InlineData("To", "a:20-30")]
    [InlineData("Sni:0:Host", "example.com")]
    [InlineData("ProxyProtocolIn", "Required")]
    [InlineData("ProxyProtocolIn", "Optional")]
    [InlineData("ProxyProtocolOut", "V3")]
    [InlineData("TrustedFrom", "10.0.0.1/8")]
    [InlineData("Balance", "Random")]
    [InlineData("MostConnections", "20000")]
    [InlineData("MostConnections", "0")]
    [InlineData("IdleTimeout", "0")]
    [InlineData("FailuresInARow", "0", "HealthInterval", "5s")]
    public void Given_a_value_that_is_not_allowed_in_a_listener_then_it_is_a_mistake_with_a_key_of_that_listener(params string[] more)
    {
        string[] args = ["--Granary:Tcp:0:Listen", "*:2222", "--Granary:Tcp:0:To", "a:22", .. more.Select((word, i) => i % 2 == 0 ? $"--Granary:Tcp:0:{word}" : word)];
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(args, new Dictionary<string, string?>()));
        Assert.All(mistaken.Mistakes, static mistake => Assert.True(mistake.Key.StartsWith("Granary:Tcp:0:", StringComparison.Ordinal) || mistake.Key == "Granary:Cluster:SiloPort", mistake.Key));
    }

    [Theory]
    [InlineData("""[{"Listen":"*:1","To":"a:1"},{"Listen":"127.0.0.1:1","To":"a:1"}]""", "Granary:Tcp:1:Listen")]
    [InlineData("""[{"Listen":"*:100-200","To":"a:1"},{"Listen":"127.0.0.1:150","To":"a:1"}]""", "Granary:Tcp:1:Listen")]
    [InlineData("""[{"Listen":"*:150","To":"a:1"},{"Listen":"*:100-200","To":"a:1"}]""", "Granary:Tcp:1:Listen")]
    [InlineData("""[{"Name":"x","Listen":"*:1","To":"a:1"},{"Name":"X","Listen":"*:2","To":"a:1"}]""", "Granary:Tcp:1:Name")]
    [InlineData("""[{"Listen":"*:1"}]""", "Granary:Tcp:0:To")]
    [InlineData("""[{"Listen":"*:1","Sni":[{"Host":"a.b","To":"a:1"},{"Host":"A.b","To":"a:1"}]}]""", "Granary:Tcp:0:Sni:1:Host")]
    [InlineData("""[{"Listen":"*:100-199","To":"a:100-198"}]""", "Granary:Tcp:0:To")]
    [InlineData("""[{"Listen":"*:100-199","To":"a:100-199","HealthInterval":"1s"}]""", "Granary:Tcp:0:HealthInterval")]
    public void Given_listeners_that_do_not_go_together_then_it_is_a_mistake(string list, string key) =>
        Assert.Equal(key, Assert.Single(Mistakes($$$"""{"Granary":{"Tcp":{{{list}}}}}""")).Key);

    [Theory]
    [InlineData("git.example.com"), InlineData("*.example.com"), InlineData("*"), InlineData("a_b.example")]
    public void A_pattern_of_host_names_is_read(string text) => Assert.Equal(text, new HostPatternAttribute("").Read(text));

    [Theory]
    [InlineData(""), InlineData("*."), InlineData("**"), InlineData("*example.com"), InlineData("a.*.com"), InlineData("example.com."), InlineData("192.0.2.1"), InlineData("a b"), InlineData("a:443")]
    public void What_is_no_pattern_of_host_names_is_not_read_as_one(string text) => Assert.Null(new HostPatternAttribute("").Read(text));

    [Fact]
    public void Given_a_range_of_ports_then_it_is_as_many_addresses() =>
        Assert.Equal(["http://10.0.0.1:50000", "http://10.0.0.1:50001"], TcpListen.Parse("10.0.0.1:50000-50001")!.Addresses.Select(a => $"{a}"));

    [Fact]
    public void Given_a_changed_list_when_it_is_read_again_then_destinations_hold_at_once_and_another_listener_after_a_restart()
    {
        using var file = ConfigFile.With($$$"""{"Granary":{"Tcp":[{{{Sftp}}}]}}""");
        var (clock, log) = (new FakeTimeProvider(), new ListLogger<SettingsSource>());
        var valid = Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read(["--config", file.Path], new Dictionary<string, string?>()));
        using var source = valid.Source;
        source.Watch(clock, log);

        file.Becomes($$$"""{"Granary":{"Tcp":[{{{Sftp}}}],"Fetch":{"HeadTimeout":"20s"} }}""");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["SettingsReloaded"], log.Events);

        file.Becomes($$$"""{"Granary":{"Tcp":[{{{Sftp.Replace(":22\"", ":23\"", StringComparison.Ordinal)}}}]}}""");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["SettingsReloaded", "SettingsReloaded"], log.Events);
        Assert.Equal("10.0.0.1:23", $"{source.Current.Tcp[0].To[0]}");

        file.Becomes($$$"""{"Granary":{"Tcp":[{{{Sftp}}},{{{Sftp.Replace("2222", "2223", StringComparison.Ordinal)}}}]}}""");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["SettingsReloaded", "SettingsReloaded", "SettingNeedsRestart", "SettingsReloaded"], log.Events);
        Assert.Equal("10.0.0.1:23", $"{Assert.Single(source.Current.Tcp).To[0]}");
    }

    [Fact]
    public void Given_a_PROXY_header_on_the_HTTP_listeners_when_nobody_is_trusted_then_that_is_a_mistake()
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(["--Granary:Client:ProxyProtocol", "Required"], new Dictionary<string, string?>()));
        Assert.Equal("Granary:Client:TrustedFrom", Assert.Single(mistaken.Mistakes).Key);
    }

    private static GranarySettings Valid(string json)
    {
        using var file = ConfigFile.With(json);
        return Valid(["--config", file.Path], []);
    }

    private static GranarySettings Valid(string[] args, Dictionary<string, string?> environment)
    {
        var outcome = GranaryConfiguration.Read(args, environment);
        if (outcome is ConfigurationOutcome.Mistaken mistaken) Assert.Fail(mistaken.Message);
        return Assert.IsType<ConfigurationOutcome.Valid>(outcome).Settings;
    }

    private static ImmutableArray<ConfigurationMistake> Mistakes(string json)
    {
        using var file = ConfigFile.With(json);
        return Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(["--config", file.Path], new Dictionary<string, string?>())).Mistakes;
    }
}
