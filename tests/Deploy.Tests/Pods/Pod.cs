using System.Text.Json.Nodes;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests.Pods;

/// <summary>A pod that a workload makes, before it runs.</summary>
internal sealed record Pod(string Name, KubeObject Workload, PodAddress Address)
{
    public JsonObject Container => Workload.Containers.Single();

    public IReadOnlyDictionary<string, int> Ports { get; } = Workload.Containers.Single()["ports"]!.AsArray().ToDictionary(static port => (string)port!["name"]!, static port => (int)port!["containerPort"]!);

    /// <summary>Host and port of a port of its container on this machine.</summary>
    public string At(string port) => $"{Address.IP}:{Address[Ports[port]]}";
}
