using System.Security.Cryptography;
using System.Text;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests;

public sealed class GoldenTests
{
    private static readonly string Digests = Repository.In("tests", "Deploy.Tests", "golden", "sources.sha256");

    /// <summary>Where there is no helm, the digest of the chart has to be the one from which the golden files were rendered: an edit of the chart alone fails everywhere.</summary>
    [Fact]
    public async Task The_golden_files_are_what_the_chart_renders()
    {
        if (Helm.Program is not null) foreach (var one in Case.All) Repository.Holds(one.Golden, await Helm.Renders(one));

        Repository.Holds(Digests, Sources());
    }

    [Fact]
    public void Every_golden_file_is_of_a_case() => Assert.Equal(Case.All.Select(static one => one.Golden), Directory.GetFiles(Path.GetDirectoryName(Digests)!, "*.yaml").Order(StringComparer.Ordinal));

    private static string Sources()
    {
        var chart = Directory.GetFiles(Repository.Chart, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "README.md");
        var lines = chart.Concat(Case.All.Select(static one => one.Values)).Order(StringComparer.Ordinal)
            .Select(static file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetRelativePath(Repository.In(), file)}\n");
        return new StringBuilder().AppendJoin("", lines).ToString();
    }
}
