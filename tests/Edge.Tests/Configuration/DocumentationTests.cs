using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Configuration;

public sealed class DocumentationTests
{
    [Fact]
    public void The_page_on_configuration_has_exactly_the_rows_that_the_code_has()
    {
        var rows = File.ReadLines(Path.Combine(Root(), "docs", "configuration.md")).Where(line => line.StartsWith("| `Granary:", StringComparison.Ordinal));

        Assert.Equal(GranaryConfiguration.Keys.Select(Row), rows);
    }

    private static string Row(SettingDescription key) =>
        string.Join(" | ", "| `" + key.Key + "`", key.Switch is null ? "" : $"`{key.Switch}`", Escaped(key.Default), Escaped($"{key.Summary}: {key.Allowed}"), key.NeedsRestart ? "restart |" : "at once |")
            .Replace(" |  | ", " | | ", StringComparison.Ordinal);

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Cluster.sln"))) directory = Path.GetDirectoryName(directory.TrimEnd(Path.DirectorySeparatorChar))!;
        return directory;
    }
}
