using System.Text.RegularExpressions;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests;

/// <summary>What can be seen of the image without building it.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Instructions = Read();

    [Fact]
    public void Whatever_is_copied_is_there_and_not_ignored()
    {
        var ignored = File.ReadLines(Repository.In("deploy", "docker", "Dockerfile.dockerignore")).Where(static line => line.StartsWith('!')).Select(static line => line[1..]).ToArray();
        foreach (var source in Of("COPY").Where(static copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(static copy => copy.Split(' ')[..^1]))
        {
            Assert.True(Path.Exists(Repository.In(source)), source);
            Assert.Contains(source.Split('/')[0], ignored);
        }
    }

    [Fact]
    public void Every_project_that_is_published_is_restored_first()
    {
        var projects = Published("src/Edge/Edge.csproj").Concat(Published("src/Silo/Silo.csproj")).ToHashSet();

        Assert.All(projects, static project => Assert.Contains(Of("COPY"), copy => copy.StartsWith(project + " ", StringComparison.Ordinal)));
    }

    [Fact, Trait("Promise", "P8")]
    public void The_last_stage_is_without_a_shell_and_not_root()
    {
        Assert.Matches("-chiseled$", Of("FROM")[^1]);
        Assert.Equal(["$APP_UID"], Of("USER")); // 1654 in the base image
        var last = Array.FindLastIndex(Instructions, static one => one.StartsWith("FROM ", StringComparison.Ordinal));
        Assert.DoesNotContain(Instructions[last..], static one => one.StartsWith("RUN ", StringComparison.Ordinal));
        Assert.Equal(1654, (int)Values.ValuesFile.Defaults["podSecurityContext"]!["runAsUser"]!);
    }

    [Fact]
    public void It_is_built_on_the_builders_platform_for_the_targets()
    {
        Assert.Contains("--platform=$BUILDPLATFORM", Of("FROM")[0], StringComparison.Ordinal);
        Assert.All(Of("RUN").SelectMany(static run => run.Split("&&")), static command => Assert.Contains(" -a $TARGETARCH ", command, StringComparison.Ordinal));
    }

    [Fact]
    public void The_chart_starts_what_is_in_it_at_ports_that_it_names()
    {
        var one = new Case("defaults");
        var published = Regex.Matches(string.Join(' ', Of("RUN")), "publish src/(\\w+)").Select(static match => $"/app/Granary.{match.Groups[1].Value}").ToHashSet();
        Assert.Equal(published, one.Of("Deployment", "StatefulSet").Where(static pods => pods.Name is not "granary-redis").Select(static pods => (string)pods.Containers.Single()["command"]![0]!).ToHashSet());

        var named = Of("EXPOSE").Single().Split(' ').Select(int.Parse).ToHashSet();
        var ports = new[] { "edge", "silo" }.SelectMany(static role => Values.ValuesFile.Defaults[role]!["ports"]!.AsObject()).Select(static port => (int)port.Value!);
        Assert.Equal(named, ports.ToHashSet());
    }

    // With what it refers to.
    private static IEnumerable<string> Published(string project) =>
        Regex.Matches(File.ReadAllText(Repository.In(project)), "ProjectReference Include=\"\\.\\./([^\"]+)\"").SelectMany(static match => Published($"src/{match.Groups[1].Value}")).Prepend(project);

    private static string[] Of(string instruction) => [.. Instructions.Where(one => one.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(one => one[(instruction.Length + 1)..])];

    // Comments gone, continued lines joined.
    private static string[] Read()
    {
        var text = string.Join('\n', File.ReadLines(Repository.In("deploy", "docker", "Dockerfile")).Where(static line => line is not ("" or ['#', ..])));
        return text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n');
    }
}
