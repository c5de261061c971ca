namespace Granary.Language;

/// <summary>Silos and edges in processes of their own, and the Redis in which they meet.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly string[] _edgeSwitches;
    private readonly string[] _siloSwitches;
    private int _named = 1;

    private Cluster(RedisServer redis, string[] edgeSwitches, string[] siloSwitches) => (Redis, _edgeSwitches, _siloSwitches) = (redis, edgeSwitches, siloSwitches);

    public RedisServer Redis { get; }

    public List<SiloProcess> Silos { get; } = [];

    public List<EdgeProcess> Edges { get; } = [];

    /// <summary>All of it is ready when this returns.</summary>
    public static async Task<Cluster> Starts(Origin origin, int silos, int edges, string[]? edgeSwitches = null, string[]? siloSwitches = null)
    {
        var cluster = await Empty(origin, edgeSwitches, siloSwitches);
        try
        {
            await Task.WhenAll(Enumerable.Range(1, silos).Select(_ => cluster.SiloStarts()).ToArray());
            await Task.WhenAll(Enumerable.Range(1, edges).Select(_ => cluster.EdgeStarts()).ToArray());
            await cluster.IsReady();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nothing but Redis, or not even that.</summary>
    public static async Task<Cluster> Empty(Origin origin, string[]? edgeSwitches = null, string[]? siloSwitches = null, bool hasRedis = true) =>
        new(hasRedis ? await RedisServer.Starts() : RedisServer.WillBe(), ["--origin", origin.Url, .. edgeSwitches ?? []], siloSwitches ?? []);

    /// <summary>Another silo starts; it may not have joined when this returns.</summary>
    public async Task<SiloProcess> SiloStarts(string? name = null)
    {
        lock (Silos) name ??= $"silo-{_named++}";
        var silo = await SiloProcess.Starts(name, Redis.Address, _siloSwitches);
        lock (Silos) Silos.Add(silo);
        return silo;
    }

    /// <summary>Another silo starts and has joined.</summary>
    public async Task<SiloProcess> Joins(string? name = null)
    {
        var silo = await SiloStarts(name);
        await silo.Health.IsReady();
        return silo;
    }

    /// <summary>Another edge starts; it listens when this returns, and may not be ready.</summary>
    public async Task<EdgeProcess> EdgeStarts()
    {
        var edge = await EdgeProcess.Starts(["--redis", Redis.Address, .. _edgeSwitches]);
        lock (Edges) Edges.Add(edge);
        return edge;
    }

    /// <summary>A silo is gone without a word.</summary>
    public async Task Loses(SiloProcess silo)
    {
        await silo.Process.IsKilled();
        Silos.Remove(silo);
        await silo.DisposeAsync();
    }

    /// <summary>A silo leaves in order.</summary>
    public async Task<int> SendsAway(SiloProcess silo)
    {
        silo.Process.IsToldToStop();
        var code = await silo.Process.Ends();
        Silos.Remove(silo);
        await silo.DisposeAsync();
        return code;
    }

    public Task IsReady() => Task.WhenAll([.. Silos.Select(silo => silo.Health.IsReady()), .. Edges.Select(edge => edge.Health.IsReady())]);

    public async ValueTask DisposeAsync()
    {
        foreach (var edge in Edges) await edge.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
