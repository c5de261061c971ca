using System.Text.Json.Nodes;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests;

/// <summary>What has to hold of the objects of every case.</summary>
public sealed class ObjectTests
{
    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Every_object_is_in_the_namespace_and_there_once(string name)
    {
        var one = new Case(name);

        Assert.All(one.Objects, static each => Assert.Equal(Case.Namespace, (string?)each.Node["metadata"]!["namespace"]));
        Assert.Equal(one.Objects.Count, one.Objects.Select(static each => each.ToString()).Distinct().Count());
        Assert.All(one.Objects, static each => Assert.InRange(each.Name.Length, 1, 63));
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Every_selector_selects_the_pods_of_one_workload(string name)
    {
        var one = new Case(name);
        foreach (var each in one.Of("Deployment", "StatefulSet", "Service", "PodDisruptionBudget", "NetworkPolicy"))
        {
            var selector = each.Kind is "Service" ? each.Spec["selector"] : (each.Kind is "NetworkPolicy" ? each.Spec["podSelector"] : each.Spec["selector"])!["matchLabels"];
            Assert.True(one.Objects.Count(pods => Selects(selector!, pods)) == 1, $"{each} selects {string.Join(", ", one.Objects.Where(pods => Selects(selector!, pods)))}");
        }
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Every_port_that_is_meant_is_one_of_the_container(string name)
    {
        var one = new Case(name);
        foreach (var service in one.Of("Service"))
        {
            var pods = one.Objects.Single(pods => Selects(service.Spec["selector"]!, pods));
            foreach (var port in service.Spec["ports"]!.AsArray()) Assert.Contains((string)port!["targetPort"]!, PortsOf(pods));
        }

        foreach (var pods in one.Objects.Where(static pods => pods.PodSpec is not null))
            foreach (var container in pods.Containers)
                foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(kind => container[kind]?["httpGet"] ?? container[kind]?["tcpSocket"]).OfType<JsonNode>())
                    Assert.Contains((string)probe["port"]!, PortsOf(pods));

        foreach (var policy in one.Of("NetworkPolicy"))
        {
            var pods = one.Objects.Single(pods => Selects(policy.Spec["podSelector"]!["matchLabels"]!, pods));
            foreach (var port in policy.Spec["ingress"]!.AsArray().SelectMany(static rule => rule!["ports"]!.AsArray())) Assert.Contains((string)port!["port"]!, PortsOf(pods));
        }
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case)), Trait("Promise", "P8")]
    public void Every_container_is_restricted(string name)
    {
        foreach (var pods in new Case(name).Objects.Where(static pods => pods.PodSpec is not null))
        {
            Assert.False((bool)pods.PodSpec!["automountServiceAccountToken"]!);
            Assert.True((bool)pods.PodSpec["securityContext"]!["runAsNonRoot"]!);
            Assert.Equal("RuntimeDefault", (string)pods.PodSpec["securityContext"]!["seccompProfile"]!["type"]!);
            foreach (var context in pods.Containers.Select(static container => container["securityContext"]!))
            {
                Assert.False((bool)context["allowPrivilegeEscalation"]!);
                Assert.True((bool)context["readOnlyRootFilesystem"]!);
                Assert.Equal(["ALL"], context["capabilities"]!["drop"]!.AsArray().Select(static one => (string)one!));
            }
        }
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Every_image_is_pinned_and_no_container_has_a_CPU_limit(string name)
    {
        foreach (var container in new Case(name).Objects.SelectMany(static pods => pods.Containers))
        {
            Assert.Matches("@sha256:[0-9a-f]{64}$|:[0-9][0-9A-Za-z.-]+$", (string)container["image"]!);
            Assert.Null(container["resources"]!["limits"]?["cpu"]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
        }
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Every_mounted_volume_is_there_and_every_Secret_and_ConfigMap_is_made_here_or_given(string name)
    {
        var one = new Case(name);
        foreach (var pods in one.Objects.Where(static pods => pods.PodSpec is not null))
        {
            var claims = pods.Spec["volumeClaimTemplates"]?.AsArray().Select(static claim => (string)claim!["metadata"]!["name"]!) ?? [];
            var volumes = (pods.PodSpec!["volumes"]?.AsArray().Select(static volume => (string)volume!["name"]!) ?? []).Concat(claims).ToArray();
            var mounts = pods.Containers.SelectMany(static container => container["volumeMounts"]!.AsArray()).Select(static mount => (string)mount!["name"]!);
            Assert.Equal(volumes.Order(StringComparer.Ordinal), mounts.Order(StringComparer.Ordinal));

            foreach (var map in pods.PodSpec["volumes"]?.AsArray().Select(static volume => (string?)volume!["configMap"]?["name"]).OfType<string>() ?? [])
                Assert.True(one.Has("ConfigMap", map), map);
            foreach (var secret in pods.Containers.SelectMany(static container => container["env"]?.AsArray() ?? []).Select(static variable => variable!["valueFrom"]?["secretKeyRef"]).OfType<JsonNode>())
                if ((string)secret["name"]! == Case.Release) Assert.NotEmpty(one.Secret(Case.Release, (string)secret["key"]!));
        }
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Nothing_secret_is_written_but_in_Secrets(string name)
    {
        var one = new Case(name);
        foreach (var variable in one.Objects.SelectMany(static pods => pods.Containers).SelectMany(static container => container["env"]?.AsArray() ?? []))
            if (((string)variable!["name"]!) is "REDIS_PASSWORD" or "Granary__Admin__Token" or "ADMIN_TOKEN") Assert.NotNull(variable["valueFrom"]!["secretKeyRef"]);
        Assert.DoesNotContain(one.Of("ConfigMap"), static map => map.Node.ToJsonString().Contains("assword=", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void A_pod_has_longer_to_end_than_its_process_takes(string name)
    {
        var one = new Case(name);
        var silo = one.One("StatefulSet", "granary-silo").PodSpec!;
        var drain = (string)one.Config("silo")["Granary"]!["Cluster"]!["DrainTimeout"]!;
        Assert.True((int)silo["terminationGracePeriodSeconds"]! > int.Parse(drain.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) + 20, $"{silo["terminationGracePeriodSeconds"]} s");

        var edge = one.One("Deployment", "granary-edge");
        var sleep = (int?)edge.Containers.Single()["lifecycle"]?["preStop"]!["sleep"]!["seconds"] ?? 0;
        Assert.True((int)edge.PodSpec!["terminationGracePeriodSeconds"]! > sleep + 30);
    }

    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case))]
    public void Liveness_asks_for_nothing_beyond_the_process(string name) =>
        Assert.All(
            new Case(name).Of("Deployment", "StatefulSet").SelectMany(static pods => pods.Containers),
            static container => Assert.True(container["livenessProbe"]!["tcpSocket"] is not null || (string?)container["livenessProbe"]!["httpGet"]?["path"] == "/health/live"));

    /// <summary>Ports that members use among each other are open to edges and silos of this release, and to nobody else.</summary>
    [Theory, MemberData(nameof(Case.Names), MemberType = typeof(Case)), Trait("Promise", "P8")]
    public void Cluster_ports_are_closed_to_others(string name)
    {
        var one = new Case(name);
        foreach (var rule in one.Of("NetworkPolicy").SelectMany(static policy => policy.Spec["ingress"]!.AsArray()))
        {
            if (rule!["ports"]!.AsArray().Select(static port => (string)port!["port"]!).Any(static port => port is "http" or "https" or "sftp" or "admin" or "plain")) continue;
            foreach (var peer in rule["from"]!.AsArray())
            {
                Assert.Null(peer!["namespaceSelector"]);
                Assert.Equal(Case.Release, (string)peer["podSelector"]!["matchLabels"]!["app.kubernetes.io/instance"]!);
                Assert.Contains((string)peer["podSelector"]!["matchLabels"]!["app.kubernetes.io/component"]!, new[] { "edge", "silo" });
            }
        }

        Assert.All(one.Of("NetworkPolicy").SelectMany(static policy => policy.Spec["egress"]?.AsArray() ?? []), static rule => Assert.True(rule!["to"] is not null || rule["ports"]!.AsArray().Count > 0));
    }

    private static bool Selects(JsonNode selector, KubeObject pods) =>
        pods.PodLabels is { } labels && selector.AsObject().All(pair => JsonNode.DeepEquals(labels[pair.Key], pair.Value));

    private static IEnumerable<string> PortsOf(KubeObject pods) => pods.Containers.SelectMany(static container => container["ports"]!.AsArray()).Select(static port => (string)port!["name"]!);
}
