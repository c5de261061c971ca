using Granary.Language;

namespace Granary.Cli.Tests;

/// <summary>An origin, an edge with its embedded silo and a token, and the command that knows where its admin port is.</summary>
public sealed class Scene : IAsyncLifetime
{
    internal const string Token = "s3cret-of-the-test";

    public Origin Origin { get; } = Origin.Starts();

    public OneProcess Process { get; private set; } = null!;

    public async Task InitializeAsync() => Process = await OneProcess.Starts(Origin, ["--Granary:Admin:Token", Token]);

    public string Url(string path) => new Uri(Process.Url, path).AbsoluteUri;

    internal Task<Run> Runs(params string[] args) => Runs(args, "");

    internal Task<Run> Runs(string[] args, string input, Func<Terminal, Terminal>? terminal = null, CancellationToken cancellation = default) =>
        Run.Of(args, input, new() { ["GRANARY_ADMIN"] = Process.Admin.AbsoluteUri, ["GRANARY_TOKEN"] = Token }, terminal, cancellation).Within();

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await Origin.DisposeAsync();
    }
}
