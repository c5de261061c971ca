using System.Diagnostics;
using System.Text.RegularExpressions;
using Granary.Edge.Hosting;

namespace Granary.Language;

/// <summary>An edge in a process of its own, started as a user would start it, on free ports, by the real clock.</summary>
public sealed partial class EdgeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EdgeProcess(Process process, Uri url, Uri admin) => (_process, Url, Admin) = (process, url, admin);

    public Uri Url { get; }

    public Uri Admin { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<EdgeProcess> Starts(params string[] switches)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(EdgeHost).Assembly.Location, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", .. switches])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var (url, admin) = await Bound(process).Within();
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return new EdgeProcess(process, url, admin);
    }

    public Client Client(Version? version = null) => new(path => new Uri(Url, path), version);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().Within();
        _process.Dispose();
    }

    private static async Task<(Uri Url, Uri Admin)> Bound(Process process)
    {
        Uri? url = null;
        var said = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said += line + "\n";
            if (ListensOn().Match(line) is { Success: true } listens) url = new Uri(listens.Groups[1].Value);
            if (AdminOn().Match(line) is { Success: true } admin) return (url!, new Uri(admin.Groups[1].Value));
        }

        throw new InvalidOperationException($"The edge did not start: {said}{await process.StandardError.ReadToEndAsync()}");
    }

    [GeneratedRegex(@"Granary listens on (http://\S+)")]
    private static partial Regex ListensOn();

    [GeneratedRegex(@"administration on (http://[^\s;]+)")]
    private static partial Regex AdminOn();
}
