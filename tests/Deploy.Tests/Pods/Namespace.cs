using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests.Pods;

/// <summary>What Kubernetes would know of a case: its pods, and what in their texts stands for something else (services, ports, fields of the pod, Secrets, ConfigMaps).</summary>
internal sealed partial class Namespace(Case of, int edges)
{
    public IReadOnlyList<Pod> Pods { get; } = [.. of.Of("Deployment", "StatefulSet", "Pod").SelectMany(workload => PodsOf(workload, edges))];

    public IEnumerable<Pod> Of(string workload) => Pods.Where(pod => pod.Workload.Name == workload);

    /// <summary>The environment of its container, in order, with what is referred to put in.</summary>
    public Dictionary<string, string> EnvironmentOf(Pod pod)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in pod.Container["env"]!.AsArray()) environment[(string)variable!["name"]!] = Local(ValueOf(variable, pod, environment), pod);
        return environment;
    }

    /// <summary>Its arguments.</summary>
    public IEnumerable<string> ArgumentsOf(Pod pod, IReadOnlyDictionary<string, string> environment) =>
        pod.Container["args"]?.AsArray().Select(argument => Local(Expanded((string)argument!, environment), pod)) ?? [];

    /// <summary>The files of the ConfigMaps that it mounts, by where.</summary>
    public IEnumerable<(string MountPath, string File, string Content)> FilesOf(Pod pod) =>
        from volume in pod.Workload.PodSpec!["volumes"]?.AsArray() ?? []
        let map = (string?)volume["configMap"]?["name"]
        where map is not null
        let mount = pod.Container["volumeMounts"]!.AsArray().Single(mount => (string)mount!["name"]! == (string)volume["name"]!)
        from file in of.One("ConfigMap", map).Node["data"]!.AsObject()
        select ((string)mount["mountPath"]!, file.Key, Local((string)file.Value!, pod));

    /// <summary>Where it mounts Secrets.</summary>
    public static IEnumerable<string> SecretsOf(Pod pod) =>
        from volume in pod.Workload.PodSpec!["volumes"]?.AsArray() ?? []
        where volume["secret"] is not null
        select (string)pod.Container["volumeMounts"]!.AsArray().Single(mount => (string)mount!["name"]! == (string)volume["name"]!)!["mountPath"]!;

    /// <summary>A text of the pod as it has to be on this machine.</summary>
    public string Local(string text, Pod pod)
    {
        text = ServicePort().Replace(text, match => Serves(match.Groups["service"].Value) is { } one ? one.At(PortOf(match.Groups["service"].Value, match.Groups["port"].Value)) : match.Value);
        text = text.Replace("//*:", $"//{pod.Address.IP}:", StringComparison.Ordinal);
        return pod.Ports.Values.Distinct().Aggregate(text, (changed, port) => Regex.Replace(changed, $@"(?<![\d.]){port}(?!\d)|(?<=:){port}(?!\d)", $"{pod.Address[port]}"));
    }

    private static IEnumerable<Pod> PodsOf(KubeObject workload, int edges)
    {
        var ports = new Dictionary<int, int>();
        return Enumerable.Range(0, CountOf(workload, edges)).Select(number => new Pod(NameOf(workload, number), workload, new PodAddress(ports)));
    }

    private static int CountOf(KubeObject workload, int edges) => workload.Kind == "Pod" ? 1 : (int?)workload.Spec["replicas"] ?? edges; // set by an autoscaler

    private static string NameOf(KubeObject workload, int number) => workload.Kind switch
    {
        "Pod" => workload.Name,
        "StatefulSet" => $"{workload.Name}-{number}",
        _ => $"{workload.Name}-5d8f7c9b6-{number}x7kq",
    };

    private string ValueOf(JsonNode variable, Pod pod, IReadOnlyDictionary<string, string> before) => variable["valueFrom"] switch
    {
        { } from when from["secretKeyRef"] is { } secret => of.Secret((string)secret["name"]!, (string)secret["key"]!),
        { } from when (string?)from["fieldRef"]?["fieldPath"] == "metadata.name" => pod.Name,
        { } from when (string?)from["fieldRef"]?["fieldPath"] == "status.podIP" => pod.Address.IP.ToString(),
        { } from => throw new NotSupportedException(from.ToJsonString()),
        null => Expanded((string)variable["value"]!, before),
    };

    private static string Expanded(string text, IReadOnlyDictionary<string, string> environment) =>
        Variable().Replace(text, match => environment.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private Pod? Serves(string service) => of.Has("Service", service)
        ? Pods.FirstOrDefault(pod => of.One("Service", service).Spec["selector"]!.AsObject().All(label => JsonNode.DeepEquals(pod.Workload.PodLabels![label.Key], label.Value)))
        : null;

    private string PortOf(string service, string port) =>
        (string)of.One("Service", service).Spec["ports"]!.AsArray().Single(one => (int)one!["port"]! == int.Parse(port, System.Globalization.CultureInfo.InvariantCulture))!["targetPort"]!;

    [GeneratedRegex(@"\b(?<service>granary-[a-z]+):(?<port>\d+)")]
    private static partial Regex ServicePort();

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Variable();
}
