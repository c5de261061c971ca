using Granary.Language;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Silo.Tests.Configuration;

public sealed class ClusterSettingsTests
{
    private static readonly Dictionary<string, string?> NoEnvironment = [];

    [Fact]
    public void A_silo_of_its_own_needs_a_Redis()
    {
        var mistaken = SiloHost.WhyNot(new GranarySettings());
        Assert.Contains("Granary:Cluster:Redis", mistaken!.Message, StringComparison.Ordinal);
        Assert.Null(SiloHost.WhyNot(Settings("--redis", "redis:6379,password=hush,ssl=true")));
    }

    [Theory]
    [InlineData("Certificate", "Granary:Cluster:Tls:Authority")]
    [InlineData("Authority", "Granary:Cluster:Tls:Certificate")]
    [InlineData("Key", "Granary:Cluster:Tls:Certificate")]
    public void Of_TLS_between_members_all_is_needed_or_none(string given, string missing)
    {
        using var authority = Authority.Begins();
        var switches = authority.Switches("silo");
        var at = Array.IndexOf(switches, $"--Granary:Cluster:Tls:{given}");
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(switches[at..(at + 2)], NoEnvironment));
        Assert.Contains(missing, mistaken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake()
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(["--Granary:Cluster:Tls:Certificate", "/nowhere/at/all.crt"], NoEnvironment));
        Assert.Contains("the path of a file that is there", mistaken.Message, StringComparison.Ordinal);
    }

    private static GranarySettings Settings(params string[] args) => Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read(args, NoEnvironment)).Settings;
}
