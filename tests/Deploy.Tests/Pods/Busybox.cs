using System.Net;
using Granary.Language;

namespace Granary.Deploy.Tests.Pods;

/// <summary>
/// What the image of the test has: busybox and nothing else on the PATH. Where there is none, the test is done in the words of the tests, and the script is not tried;
/// GRANARY_HELM, which CI sets, makes that a failure.
/// </summary>
internal static class Busybox
{
    public static string? Program { get; } = Find();

    public static async Task<string> Runs(string script, string folder, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var applet in new[] { "sh", "httpd", "wget", "sed", "grep", "sort", "cat", "chmod", "mkdir", "mktemp", "rm", "sleep" })
            File.CreateSymbolicLink(Path.Combine(folder, applet), Program!);
        await using var process = RealProcess.Starts("env", ["-i", $"PATH={folder}", $"TMPDIR={folder}", .. environment.Select(static pair => $"{pair.Key}={pair.Value}"), Path.Combine(folder, "sh"), script]);
        var code = await process.Ends();
        Assert.True(code == 0, $"The test of the chart ended with {code}:\n{process.Output}");
        return process.Output;
    }

    /// <summary>There is no name service of a cluster here: what nslookup says with one.</summary>
    public static void Finds(string folder, IEnumerable<IPAddress> addresses)
    {
        var answers = addresses.Select(static address => $"Name:\t$1\nAddress: {address}\n");
        var file = Path.Combine(folder, "nslookup");
        File.WriteAllText(file, $"#!/bin/sh\nprintf 'Server:\\t\\t10.96.0.10\\nAddress:\\t10.96.0.10:53\\n\\n'\ncat << ANSWER\n{string.Join('\n', answers)}\nANSWER\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static string? Find()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(static folder => Path.Combine(folder, "busybox")).FirstOrDefault(File.Exists);
        return found is null && Environment.GetEnvironmentVariable("GRANARY_HELM") is { Length: > 0 } ? throw new FileNotFoundException("busybox is not installed") : found;
    }
}
