using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>Clients of two edges of a cluster, for scenarios that leave it as it was.</summary>
public sealed class TwoEdges(Cluster.SharedCluster shared) : IAsyncLifetime
{
    public const string Host = "purged.example";

    private Language.Cluster _cluster = null!;

    public Origin Origin => shared.Origin;

    public Client Here { get; private set; } = null!;

    public Client There { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _cluster = await shared.Whole();
        (Here, There) = (_cluster.Edges[0].Client(), _cluster.Edges[1].Client());
    }

    /// <summary>Purges, at the other edge or at a silo, and is done when that holds.</summary>
    public async Task Purges(string way, string path, bool isSoft)
    {
        if (way == "PURGE")
        {
            await There.Sends("PURGE", path, isSoft ? [$"Host: {Host}", "Granary-Purge: soft"] : [$"Host: {Host}"]).Gets(200);
            return;
        }

        var value = way switch { "url" or "prefix" => $"\"http://{Host}{path}\"", "host" => $"\"{Host}\"", "tag" => $"\"tag{path.Replace('/', '-')}\"", _ => "true" };
        var health = way is "tag" or "url" ? _cluster.Silos[1].Health : _cluster.Edges[1].Health;
        Assert.Equal(200, await health.Purges($$"""{"{{way}}": {{value}}, "soft": {{(isSoft ? "true" : "false")}}}"""));
    }

    public Task DisposeAsync()
    {
        Here.Dispose();
        There.Dispose();
        return Task.CompletedTask;
    }
}
