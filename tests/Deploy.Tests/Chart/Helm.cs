using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Granary.Deploy.Tests.Chart;

/// <summary>The real helm, where there is one: GRANARY_HELM, or on the PATH, or where tools/install puts it. A GRANARY_HELM that is not there is a failure, so CI cannot do without.</summary>
internal static partial class Helm
{
    public static string? Program { get; } = Find();

    /// <summary>What it renders for a case. What would be drawn by lot is written as such.</summary>
    public static async Task<string> Renders(Case one)
    {
        var (output, error, code) = await Run("template", Case.Release, Repository.Chart, "--namespace", Case.Namespace, "--kube-version", "1.35.0", "--values", one.Values);
        Assert.True(code == 0, $"{one.Name}: {error}");
        return Drawn().Replace(output, "$1 Z2VuZXJhdGVkLWF0LWluc3RhbGw="); // generated-at-install
    }

    public static async Task<(string Output, string Error, int Code)> Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (await output, await error, process.ExitCode);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GRANARY_HELM") is { Length: > 0 } told) return File.Exists(told) ? told : throw new FileNotFoundException("GRANARY_HELM names no file", told);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append(Repository.In("tests", "Deploy.Tests", "tools", "node_modules", ".helm"));
        return folders.Select(static folder => Path.Combine(folder, "helm")).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex("^(  (?:admin-token|redis-password):) [A-Za-z0-9+/]{54}==$", RegexOptions.Multiline)]
    private static partial Regex Drawn();
}
