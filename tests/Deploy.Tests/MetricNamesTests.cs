using System.Text.RegularExpressions;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests;

public sealed partial class MetricNamesTests
{
    /// <summary>By name: Prometheus' names are ours with underscores, and the unit and _total behind.</summary>
    [Fact]
    public void Rules_and_dashboard_speak_of_metrics_that_there_are()
    {
        var instruments = Directory.GetFiles(Repository.In("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => Instrument().Matches(File.ReadAllText(file))).Select(static match => match.Groups[1].Value.Replace('.', '_')).ToHashSet();

        var used = Used().Matches(File.ReadAllText(new Case("monitoring").Golden)).Select(static match => match.Value).Where(static name => name is not "granary_requests_per_second").ToHashSet();

        Assert.True(used.Count > 15, $"{used.Count}");
        Assert.All(used, name => Assert.Contains(Suffix().Replace(name, ""), instruments));
    }

    [Fact]
    public void Every_alert_has_its_line_in_the_runbook()
    {
        var runbook = File.ReadAllText(Repository.In("docs", "runbook.md"));
        var alerts = new Case("monitoring").One("PrometheusRule", "granary").Spec["groups"]![0]!["rules"]!.AsArray().ToArray();

        Assert.NotEmpty(alerts);
        Assert.All(alerts, rule =>
        {
            var alert = (string)rule!["alert"]!;
            Assert.Contains($"### {alert}\n", runbook, StringComparison.Ordinal);
            Assert.EndsWith($"#{alert.ToLowerInvariant()}", (string)rule["annotations"]!["runbook"]!, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("\"(granary\\.[a-z._]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("\\bgranary_[a-z_]+\\b(?!\\.)")]
    private static partial Regex Used();

    [GeneratedRegex("(_bytes|_seconds)?(_total)?$")]
    private static partial Regex Suffix();
}
