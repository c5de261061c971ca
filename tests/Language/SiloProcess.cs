using Granary.Silo.Hosting;

namespace Granary.Language;

/// <summary>A silo in a process of its own, started as a user would start it, on free ports, by the real clock.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private SiloProcess(RealProcess process, string name, Uri admin) => (Process, Name, Health) = (process, name, new Health(admin));

    public RealProcess Process { get; }

    public string Name { get; }

    public Health Health { get; }

    /// <summary>Its health can be asked when this returns; it may not have joined yet.</summary>
    public static async Task<SiloProcess> Starts(string name, string redis, params string[] switches)
    {
        string[] ports = ["--silo-port", "0", "--gateway-port", "0", "--content-port", "0", "--admin", "http://127.0.0.1:0", "--memory", "64MiB"];
        var process = RealProcess.Starts("dotnet", [typeof(SiloHost).Assembly.Location, "--redis", redis, "--name", name, .. ports, .. switches]);
        try
        {
            var admin = await process.Says(@"administration on (http://[^\s;]+)");
            return new SiloProcess(process, name, new Uri(admin.Groups[1].Value));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>It is a member.</summary>
    public Task HasJoined() => Process.Says("has joined cluster");

    /// <summary>It has seen that another silo is there, and ready for it.</summary>
    public Task HasSeen(SiloProcess other) => Process.Says($"Silo {other.Name} at .* has joined");

    /// <summary>It has seen that another silo is gone without a word.</summary>
    public Task HasSeenDie(SiloProcess other) => Process.Says($"Silo {other.Name} at .* is dead");

    public async ValueTask DisposeAsync()
    {
        Health.Dispose();
        await Process.DisposeAsync();
    }
}
