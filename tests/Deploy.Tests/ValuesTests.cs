using System.Text.Json.Nodes;
using Granary.Deploy.Tests.Chart;
using Granary.Deploy.Tests.Values;

namespace Granary.Deploy.Tests;

public sealed class ValuesTests
{
    // What Kubernetes or the processes check themselves, with better words than a schema here could have.
    private static readonly string[] Open =
    [
        "config", "edge.config", "silo.config", "routes", "clusters", "podSecurityContext", "securityContext", "edge.affinity", "silo.affinity", "redis.affinity",
    ];

    [Fact]
    public void The_schema_is_written_from_the_values() => Repository.Holds(Path.Combine(Repository.Chart, "values.schema.json"), ValuesSchema.Text());

    [Fact]
    public void The_table_of_the_readme_is_written_from_the_values() => Repository.Holds(ValuesPage.Path, ValuesPage.Text());

    [Fact]
    public void Every_key_is_described()
    {
        var described = ValuesFile.Keys.Where(static key => key.Description is not null).Select(static key => key.Path).ToHashSet();

        foreach (var leaf in Leaves(ValuesFile.Defaults, ""))
            Assert.Contains(Prefixes(leaf), described.Contains);
        Assert.All(described, path => Assert.EndsWith(".", ValuesFile.Keys.First(key => key.Path == path).Description));
    }

    [Fact]
    public void No_level_takes_keys_that_there_are_not()
    {
        foreach (var key in ValuesFile.Keys.Where(static key => key.Description is not null && ValuesFile.DefaultOf(key.Path) is JsonObject && !Open.Contains(key.Path)))
            Assert.True(key.Allowed?["additionalProperties"] is JsonObject || (bool?)key.Allowed?["additionalProperties"] == false, $"{key.Path} takes any key");
    }

    [Fact]
    public void The_chart_installs_the_version_that_this_is()
    {
        var chart = Yaml.Read(File.ReadAllText(Path.Combine(Repository.Chart, "Chart.yaml")))!;

        Assert.Contains($"<VersionPrefix>{chart["appVersion"]}</VersionPrefix>", File.ReadAllText(Repository.In("Directory.Build.props")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(JsonObject node, string above) => node.SelectMany(pair =>
        pair.Value is JsonObject { Count: > 0 } inner ? Leaves(inner, $"{above}{pair.Key}.") : [$"{above}{pair.Key}"]);

    private static IEnumerable<string> Prefixes(string path)
    {
        var names = path.Split('.');
        return Enumerable.Range(1, names.Length).Select(count => string.Join('.', names[..count]));
    }
}
