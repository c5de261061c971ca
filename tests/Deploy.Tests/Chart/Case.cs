using System.Text.Json.Nodes;

namespace Granary.Deploy.Tests.Chart;

/// <summary>Values that somebody may install the chart with, and what it renders from them, which is kept as a golden file and reviewed as one.</summary>
internal sealed record Case(string Name)
{
    public const string Release = "granary", Namespace = "web";

    private readonly Lazy<KubeObject[]> _objects = new(() => [.. Yaml.Documents(File.ReadAllText(GoldenOf(Name))).Select(static node => new KubeObject(node.AsObject()))]);

    public string Values => Repository.In("tests", "Deploy.Tests", "cases", $"{Name}.yaml");

    public string Golden => GoldenOf(Name);

    public IReadOnlyList<KubeObject> Objects => _objects.Value;

    /// <summary>Each file under cases/.</summary>
    public static IEnumerable<Case> All => Directory.GetFiles(Repository.In("tests", "Deploy.Tests", "cases"), "*.yaml").Select(static file => new Case(Path.GetFileNameWithoutExtension(file))).OrderBy(static one => one.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. All.Select(static one => one.Name)];

    public IEnumerable<KubeObject> Of(params string[] kinds) => Objects.Where(one => kinds.Contains(one.Kind));

    public KubeObject One(string kind, string name) => Assert.Single(Objects, one => one.Kind == kind && one.Name == name);

    public bool Has(string kind, string name) => Objects.Any(one => one.Kind == kind && one.Name == name);

    /// <summary>The value of a Secret that the chart makes.</summary>
    public string Secret(string name, string key) =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)One("Secret", name).Node["data"]![key]!));

    public JsonObject Config(string role) => JsonNode.Parse((string)One("ConfigMap", $"{Release}-{role}").Node["data"]!["granary.json"]!)!.AsObject();

    private static string GoldenOf(string name) => Repository.In("tests", "Deploy.Tests", "golden", $"{name}.yaml");
}
