using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>Many small responses of one tag, stored through all edges.</summary>
internal static class Fill
{
    private const int Connections = 16;

    public static async Task Stores(Origin origin, Language.Cluster cluster, string tag, int members)
    {
        var directory = $"/{tag}?n=";
        origin.Answers($"/{tag}", 200, ["Cache-Control: max-age=36000", $"Surrogate-Key: {tag}"], "a member");
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => Task.Run(async () =>
        {
            using var connection = await Connection.To(cluster.Edges[i % cluster.Edges.Count].Url);
            for (var member = i; member < members; member += Connections)
                Assert.Equal(200, (await connection.Asks(new Resource(member, "members.example", directory, tag, 0, false, TimeSpan.Zero, TimeSpan.Zero), "en")).Status);
        })));
    }
}
