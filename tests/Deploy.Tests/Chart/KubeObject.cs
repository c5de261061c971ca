using System.Text.Json.Nodes;

namespace Granary.Deploy.Tests.Chart;

/// <summary>One rendered object.</summary>
internal sealed record KubeObject(JsonObject Node)
{
    public string Kind => (string)Node["kind"]!;

    public string Name => (string)Node["metadata"]!["name"]!;

    public JsonObject Spec => Node["spec"]!.AsObject();

    public bool IsTest => (string?)Node["metadata"]!["annotations"]?["helm.sh/hook"] == "test";

    /// <summary>Labels of the pods that it makes, or of the pod that it is; null for other objects.</summary>
    public JsonObject? PodLabels => (Kind == "Pod" ? Node["metadata"] : Node["spec"]?["template"]?["metadata"])?["labels"]?.AsObject();

    public JsonObject? PodSpec => (Kind == "Pod" ? Node["spec"] : Node["spec"]?["template"]?["spec"])?.AsObject();

    public IEnumerable<JsonObject> Containers => PodSpec?["containers"]?.AsArray().Select(static container => container!.AsObject()) ?? [];

    public override string ToString() => $"{Kind} {Name}";
}
