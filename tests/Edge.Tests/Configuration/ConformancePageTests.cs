using System.Text.RegularExpressions;

namespace Granary.Edge.Tests.Configuration;

/// <summary>The page on conformance names tests that are there, and every section that a test names is on the page.</summary>
public sealed partial class ConformancePageTests
{
    private static readonly string Tests = Path.Combine(Root(), "tests");

    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "conformance.md"));

    private static readonly HashSet<string> Files =
    [
        .. Directory.EnumerateFiles(Tests, "*Tests.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Tests, file)).Select(file => Path.ChangeExtension(file[(file.IndexOf(Path.DirectorySeparatorChar) + 1)..], null).Replace('\\', '/')),
    ];

    [Fact]
    public void Each_test_that_is_named_is_there() =>
        Assert.All(Named().Matches(Page).Select(match => match.Groups[1].Value), name => Assert.Contains(name, Files));

    [Fact]
    public void Each_section_that_is_kept_names_where_it_is_tested() =>
        Assert.All(Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Split('|')[2].Contains("kept", StringComparison.Ordinal)), line => Assert.Matches(Named(), line));

    [Theory]
    [InlineData("RFC 9111"), InlineData("RFC 5861"), InlineData("RFC 8297"), InlineData("RFC 9211"), InlineData("RFC 9213"), InlineData("RFC 9875")]
    public void Each_section_of_the_law_of_caching_that_a_test_names_is_on_the_page(string rfc)
    {
        var rows = rfc == "RFC 9111" ? Page[Page.IndexOf("## RFC 9111", StringComparison.Ordinal)..Page.IndexOf("## RFC 9110", StringComparison.Ordinal)] : Page;
        var named = Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories).SelectMany(file => Spec().Matches(File.ReadAllText(file)))
            .Where(match => match.Groups[1].Value == rfc).SelectMany(match => Section().Matches(match.Groups[2].Value)).Select(match => match.Value).Distinct();
        Assert.All(named, section => Assert.Contains(section, rfc == "RFC 9111" ? rows : string.Join('\n', rows.Split('\n').Where(line => line.Contains(rfc, StringComparison.Ordinal))), StringComparison.Ordinal));
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Cluster.sln"))) directory = Path.GetDirectoryName(directory.TrimEnd(Path.DirectorySeparatorChar))!;
        return directory;
    }

    [GeneratedRegex(@"`((?:\w+/)*\w+Tests)`")]
    private static partial Regex Named();

    [GeneratedRegex("""Trait\("Spec", "(RFC \d+) ([^"]+)"\)""")]
    private static partial Regex Spec();

    [GeneratedRegex(@"§[\d.]*\d")]
    private static partial Regex Section();
}
