using System.Net;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Configuration;

public sealed class GranaryConfigurationTests
{
    private static readonly Dictionary<string, string?> NoEnvironment = [];

    [Fact]
    public void Given_nothing_then_the_defaults_are_those_of_the_contract()
    {
        var settings = Valid();

        Assert.Equal("http://localhost:8080", Assert.Single(settings.Listen).ToString());
        Assert.Equal("http://localhost:8081", settings.Admin.Listen.ToString());
        Assert.Null(settings.Admin.Token);
        Assert.Null(settings.Origin);
        Assert.Equal("granary", settings.Pseudonym);
        Assert.Null(settings.Cluster.Redis);
        Assert.Equal(Environment.MachineName, settings.Cluster.Name);
        Assert.Equal((11111, 30000, 30001), (settings.Cluster.SiloPort, settings.Cluster.GatewayPort, settings.Cluster.ContentPort));
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, settings.Store.Memory);
        Assert.Null(settings.Store.Disk);
        Assert.True(settings.Access.AllowDestinations.IsEmpty);
        Assert.Equal(CidrSet.Loopback, settings.Access.AllowClients);
        Assert.Equal(CidrSet.Loopback, settings.Access.PurgeFrom);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Fetch.ConnectTimeout);
        Assert.Equal(0.1, settings.Freshness.HeuristicFraction);
    }

    [Fact]
    public void Given_every_switch_then_every_switch_is_heard()
    {
        var settings = Valid(
            "--listen", "http://*:80;https://[::1]:0", "--Kestrel:Certificates:Default:Path", "/etc/granary/tls.crt", "--admin=http://127.0.0.1:9000", "--origin", "https://example.com:8443", "--redis", "redis:6379",
            "--name", "silo-0", "--silo-port", "0", "--gateway-port", "1", "--content-port", "2", "--advertise", "10.0.0.7", "--memory", "2GiB",
            "--disk", "cache", "--disk-size", "10GB", "--allow-destination", "10.0.0.0/8", "--allow-destination", "fd00::/8");

        Assert.Equal(["http://*:80", "https://[::1]:0"], settings.Listen.Select(l => l.ToString()));
        Assert.Equal("http://127.0.0.1:9000", settings.Admin.Listen.ToString());
        Assert.Equal(new Uri("https://example.com:8443"), settings.Origin);
        Assert.Equal(("redis:6379", "silo-0", IPAddress.Parse("10.0.0.7")), (settings.Cluster.Redis, settings.Cluster.Name, settings.Cluster.AdvertisedIP));
        Assert.Equal((0, 1, 2), (settings.Cluster.SiloPort, settings.Cluster.GatewayPort, settings.Cluster.ContentPort));
        Assert.Equal((2L << 30, Path.GetFullPath("cache"), 10_000_000_000), (settings.Store.Memory, settings.Store.Disk, settings.Store.DiskSize));
        Assert.Equal(CidrSet.Of("10.0.0.0/8", "fd00::/8"), settings.Access.AllowDestinations);
    }

    [Fact]
    public void Given_a_key_without_a_switch_then_its_full_name_is_one() =>
        Assert.Equal(TimeSpan.FromMilliseconds(1500), Valid("--Granary:Fetch:HeadTimeout", "1500ms").Fetch.HeadTimeout);

    [Fact]
    public void Given_switch_environment_and_file_then_the_switch_wins_and_the_environment_beats_the_file()
    {
        using var file = ConfigFile.With("""{"Granary":{"Pseudonym":"file","Cluster":{"Name":"file","SiloPort":1}}}""");
        var environment = new Dictionary<string, string?> { ["Granary__Cluster__Name"] = "env", ["Granary__Pseudonym"] = "env" };

        var outcome = GranaryConfiguration.Read(["--config", file.Path, "--name", "switch"], environment);

        var valid = Assert.IsType<ConfigurationOutcome.Valid>(outcome);
        Assert.Equal(("switch", "env", 1), (valid.Settings.Cluster.Name, valid.Settings.Pseudonym, valid.Settings.Cluster.SiloPort));
        Assert.Equal("switch", valid.Configuration["Granary:Cluster:Name"]);
    }

    [Fact]
    public void Given_lists_as_arrays_then_they_are_read_and_a_higher_layer_replaces_the_whole_list()
    {
        using var file = ConfigFile.With("""{"Granary":{"Access":{"AllowDestinations":["10.0.0.0/8","fd00::/8"],"PurgeFrom":[]},"Listen":["http://*:1","http://*:2"]}}""");

        var settings = Valid("--config", file.Path, "--listen", "http://*:3");

        Assert.Equal(CidrSet.Of("10.0.0.0/8", "fd00::/8"), settings.Access.AllowDestinations);
        Assert.True(settings.Access.PurgeFrom.IsEmpty);
        Assert.Equal("http://*:3", Assert.Single(settings.Listen).ToString());
    }

    [Fact]
    public void Given_sections_of_those_we_are_built_on_then_they_reach_the_configuration_unjudged()
    {
        using var file = ConfigFile.With("""{"ReverseProxy":{"Routes":{"r":{"ClusterId":"c"}}},"Logging":{"LogLevel":{"Default":"Debug"}},"Kestrel":{"Any":"thing"}}""");

        var valid = Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read(["--config", file.Path], NoEnvironment));

        Assert.Equal("c", valid.Configuration["ReverseProxy:Routes:r:ClusterId"]);
    }

    [Fact]
    public void Given_the_environment_of_any_machine_then_what_is_not_ours_is_no_mistake()
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = "/bin", ["GRANARY_SERVICE_HOST"] = "10.0.0.1", ["GRANARY_PORT"] = "tcp://10.0.0.1:80" };

        Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read([], environment));
    }

    [Fact]
    public void Given_null_in_the_file_then_the_default_holds()
    {
        using var file = ConfigFile.With("""{"Granary":{"Origin":null,"Cluster":{"SiloPort":null}}}""");

        Assert.Equal(11111, Valid("--config", file.Path).Cluster.SiloPort);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Given_a_cry_for_help_then_every_switch_and_key_is_told(string help)
    {
        var text = Assert.IsType<ConfigurationOutcome.HelpAsked>(GranaryConfiguration.Read(["--port", "1", help], NoEnvironment)).Text;

        foreach (var name in (string[])["--listen", "--admin", "--origin", "--redis", "--name", "--silo-port", "--gateway-port", "--content-port", "--advertise",
            "--memory", "--disk", "--disk-size", "--allow-destination", "--config", "Granary:Admin:Token", "Granary:Fetch:MaxWaitersPerUrl"])
            Assert.Contains(name, text, StringComparison.Ordinal);
    }

    private static GranarySettings Valid(params string[] args)
    {
        var outcome = GranaryConfiguration.Read(args, NoEnvironment);
        if (outcome is ConfigurationOutcome.Mistaken mistaken) Assert.Fail(mistaken.Message);
        return Assert.IsType<ConfigurationOutcome.Valid>(outcome).Settings;
    }
}
