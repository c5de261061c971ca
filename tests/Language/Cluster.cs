using Granary.Grains.Placement;

namespace Granary.Language;

/// <summary>Silos and edges in processes of their own, and the Redis in which they meet.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly Origin _origin;
    private readonly string[] _edgeSwitches;
    private readonly string[] _siloSwitches;
    private int _named = 1;
    private int _warmed;

    private Cluster(Origin origin, RedisServer redis, string[] edgeSwitches, string[] siloSwitches) =>
        (_origin, Redis, _edgeSwitches, _siloSwitches) = (origin, redis, edgeSwitches, siloSwitches);

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
            await cluster.IsWarm();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who is gone is followed by another, who is too many leaves; all are ready then, and agree on who is there.</summary>
    public async Task IsMadeWhole(int silos, int edges)
    {
        foreach (var gone in Silos.Where(static silo => !silo.Process.IsRunning).ToArray()) await Loses(gone);
        foreach (var gone in Edges.Where(static edge => !edge.Process.IsRunning).ToArray()) await Loses(gone);
        while (Silos.Count > silos) await SendsAway(Silos[^1]);
        while (Edges.Count > edges) await SendsAway(Edges[^1]);
        await Task.WhenAll([.. Enumerable.Range(Silos.Count, silos - Silos.Count).Select(_ => SiloStarts()), .. Enumerable.Range(Edges.Count, edges - Edges.Count).Select(_ => EdgeStarts())]);
        await IsReady();
        await Deadline.Until(Agree, static () => "The silos do not agree on who is there.");
        await IsWarm();
    }

    /// <summary>Nothing but Redis, or not even that.</summary>
    public static async Task<Cluster> Empty(Origin origin, string[]? edgeSwitches = null, string[]? siloSwitches = null, bool hasRedis = true) =>
        new(origin, hasRedis ? await RedisServer.Starts() : RedisServer.WillBe(), ["--origin", origin.Url, .. edgeSwitches ?? []], siloSwitches ?? []);

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

    /// <summary>An edge is gone without a word.</summary>
    public async Task Loses(EdgeProcess edge)
    {
        await edge.Process.IsKilled();
        lock (Edges) Edges.Remove(edge);
        await edge.DisposeAsync();
    }

    /// <summary>An edge leaves in order.</summary>
    public async Task<int> SendsAway(EdgeProcess edge)
    {
        edge.Process.IsToldToStop();
        var code = await edge.Process.Ends();
        lock (Edges) Edges.Remove(edge);
        await edge.DisposeAsync();
        return code;
    }

    /// <summary>The value of a metric, over all silos.</summary>
    public async Task<double> Metric(string name) => (await Task.WhenAll(Silos.Select(silo => silo.Health.Metric(name)))).Sum();

    public Task IsReady() => Task.WhenAll([.. Silos.Select(silo => silo.Health.IsReady()), .. Edges.Select(edge => edge.Health.IsReady())]);

    /// <summary>The way from each edge through each silo to the origin has been gone once: what a new process compiles at its first request is not measured by a scenario.</summary>
    public Task IsWarm()
    {
        var time = ++_warmed;
        return Task.WhenAll(Edges.SelectMany(edge => Silos.Select(silo => Stores(edge, $"/warm-{edge.Url.Port}-{time}", silo))));
    }

    /// <summary>An edge gets something stored, which it may only after some tries.</summary>
    /// <param name="owner">The silo that is to store it; null for any.</param>
    public async Task Stores(EdgeProcess edge, string path, SiloProcess? owner = null)
    {
        using var client = edge.Client();
        var tries = 0;
        await Deadline.Until(
            async () =>
            {
                string one;
                do one = $"{path}-{tries++}";
                while (owner is not null && OwnerOf(edge, one) != owner);
                _origin.Answers(one, 200, ["Cache-Control: max-age=60"], "stored");
                return (await client.Asks(one).Gets(200, "stored")).CacheStatus.EndsWith("; stored", StringComparison.Ordinal);
            },
            () => $"Nothing was stored by {tries} requests for {path}.");
    }

    // A silo that nobody has found dead yet is fenced by a purge, or the purge is refused.
    private async Task<bool> Agree()
    {
        try
        {
            return !(await Edges[0].Health.Purged("""{"url": "http://nobody.example/"}""")).Contains("fenced", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private SiloProcess OwnerOf(EdgeProcess edge, string path) => Rendezvous.Rank(new Uri(edge.Url, path).AbsoluteUri, Silos, static silo => silo.Name)[0];

    public async ValueTask DisposeAsync()
    {
        foreach (var edge in Edges) await edge.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
