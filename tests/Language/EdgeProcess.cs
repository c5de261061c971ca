using Granary.Edge.Hosting;

namespace Granary.Language;

/// <summary>An edge in a process of its own, started as a user would start it, on free ports, by the real clock.</summary>
public sealed class EdgeProcess : IAsyncDisposable
{
    private EdgeProcess(RealProcess process, Uri url, Uri admin) => (Process, Url, Health) = (process, url, new Health(admin));

    public RealProcess Process { get; }

    public Uri Url { get; }

    public Uri Admin => Health.Admin;

    public Health Health { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => Process.Memory;

    /// <summary>It listens when this returns; in a cluster it may not be ready yet.</summary>
    public static async Task<EdgeProcess> Starts(params string[] switches)
    {
        var process = RealProcess.Starts("dotnet", [typeof(EdgeHost).Assembly.Location, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", .. switches]);
        try
        {
            var admin = await process.Says(@"administration on (http://[^\s;]+)");
            var url = await process.Says(@"Granary listens on (http://\S+)");
            return new EdgeProcess(process, new Uri(url.Groups[1].Value), new Uri(admin.Groups[1].Value));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Client Client(Version? version = null) => new(path => new Uri(Url, path), version);

    public async ValueTask DisposeAsync()
    {
        Health.Dispose();
        await Process.DisposeAsync();
    }
}
