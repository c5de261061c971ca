using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Granary.Deploy.Tests.Chart;
using Granary.Edge.Hosting;
using Granary.Silo.Configuration;

namespace Granary.Deploy.Tests;

/// <summary>The processes take the configuration that the chart writes.</summary>
public sealed partial class ConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("granary-chart-");

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void The_configuration_of_every_case_is_valid(string name)
    {
        foreach (var (role, variables) in new[] { ("edge", new Dictionary<string, string?>()), ("silo", new() { ["Granary__Cluster__Name"] = "granary-silo-0", ["Granary__Cluster__AdvertisedIP"] = "10.1.2.3" }) })
        {
            var text = Path().Replace(new Case(name).Config(role).ToJsonString(), match => FileFor(match.Value));
            var file = FileFor($"/{name}-{role}.json", text);
            variables["Granary__Cluster__Redis"] = "granary-redis:6379,password=secret";
            variables["Granary__Admin__Token"] = "secret";

            var read = GranaryConfiguration.Read(["--config", file], variables, role == "edge" ? EdgeHost.MistakesInRoutes : null);

            Assert.True(read is ConfigurationOutcome.Valid, (read as ConfigurationOutcome.Mistaken)?.Message);
        }
    }

    [Fact]
    public void Store_and_copies_are_shares_of_the_memory_limit()
    {
        var one = new Case("high-availability");

        Assert.Equal($"{(16L << 30) * 65 / 100}B", (string)one.Config("silo")["Granary"]!["Store"]!["Memory"]!);
        Assert.Equal($"{(2L << 30) * 20 / 100}B", (string)one.Config("edge")["Granary"]!["Leases"]!["MemoryLimit"]!);
        Assert.Equal("0x55", Variable(one.One("StatefulSet", "granary-silo"), "DOTNET_GCHeapHardLimitPercent")); // the runtime reads it as hexadecimal
    }

    [Fact]
    public void Without_a_limit_the_processes_find_their_own_shares()
    {
        var one = new Case("minimal");

        Assert.Null(one.Config("silo")["Granary"]!["Store"]);
        Assert.Null(Variable(one.One("StatefulSet", "granary-silo"), "DOTNET_GCHeapHardLimitPercent"));
    }

    [Fact]
    public void A_whole_connection_string_comes_from_a_Secret()
    {
        var variable = new Case("existing-redis").One("Deployment", "granary-edge").Containers.Single()["env"]!.AsArray().Single(static one => (string)one!["name"]! == "Granary__Cluster__Redis");

        Assert.Equal("granary", (string)variable!["valueFrom"]!["secretKeyRef"]!["key"]!);
    }

    public void Dispose() => _files.Delete(recursive: true);

    private static string? Variable(KubeObject pods, string name) =>
        (string?)pods.Containers.Single()["env"]!.AsArray().SingleOrDefault(one => (string)one!["name"]! == name)?["value"];

    // Certificates have to be there and to be some: what Kubernetes would mount.
    private string FileFor(string path, string? content = null)
    {
        var file = new FileInfo(System.IO.Path.Join(_files.FullName, path));
        file.Directory!.Create();
        if (content is not null) File.WriteAllText(file.FullName, content);
        else Pem.WriteInto(file.Directory.FullName);
        return file.FullName;
    }

    [GeneratedRegex("/etc/granary/[^\"]+")]
    private static partial Regex Path();
}
