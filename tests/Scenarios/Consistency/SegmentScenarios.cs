using System.Net.Http.Json;
using System.Text.Json;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>A large file that everybody wants: each edge has its segments, and its owner sends next to nothing.</summary>
[Collection(Cluster.Processes.Name)]
public sealed class SegmentScenarios : IAsyncLifetime
{
    private const string Host = "files.example";
    private const int Length = 6 << 20;

    private static readonly string Content = string.Create(Length, 0, static (text, _) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = (char)('a' + i / 1000 % 26);
    });

    private readonly Origin _origin = Origin.Starts();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 2, edges: 2);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_hot_large_file_is_read_from_its_owner_about_once_by_each_edge_until_it_is_purged()
    {
        _origin.Answers("/file", 200, ["Cache-Control: max-age=600", "ETag: \"1\""], Content);
        foreach (var edge in _cluster.Edges) await IsHeld(edge);
        var (sent, asked) = (await _cluster.Metric("granary_content_sent_bytes_total"), await Held());
        for (var i = 0; i < 10; i++)
            foreach (var edge in _cluster.Edges) await Gets(edge, Content);
        Assert.Equal(sent, await _cluster.Metric("granary_content_sent_bytes_total"));
        Assert.Equal(20, await Held() - asked);
        Assert.InRange(sent, Length, 16L * Length);
        _origin.WasAsked("/file", 1);

        await Explains();
        var next = Content.Replace('a', 'A');
        _origin.Answers("/file", 200, ["Cache-Control: max-age=600", "ETag: \"2\""], next);
        Assert.Equal(200, await _cluster.Silos[0].Health.Purges($$"""{"url": "http://{{Host}}/file"}"""));
        foreach (var edge in _cluster.Edges) await Gets(edge, next);
        _origin.WasAsked("/file", 2);
    }

    /// <summary>Everybody says the same of it, whoever is asked.</summary>
    private async Task Explains()
    {
        Uri[] admins = [.. _cluster.Edges.Select(static edge => edge.Admin), .. _cluster.Silos.Select(static silo => silo.Health.Admin)];
        foreach (var admin in admins)
        {
            using var client = new HttpClient();
            var told = await client.GetFromJsonAsync<JsonElement>(new Uri(admin, $"/explain?url=http%3A%2F%2F{Host}%2Ffile"));
            var owner = told.GetProperty("owner").GetString();
            Assert.Contains(owner, _cluster.Silos.Select(static silo => silo.Name));
            Assert.Contains(told.GetProperty("secondOwner").GetString(), _cluster.Silos.Select(static silo => silo.Name));
            var stored = told.GetProperty("stored").EnumerateArray().First(one => one.GetProperty("at").GetString() == owner);
            Assert.Equal(("owner", Length, true), (stored.GetProperty("as").GetString(), stored.GetProperty("length").GetInt32(), stored.GetProperty("fresh").GetBoolean()));
            Assert.Equal(2, told.GetProperty("leases").GetArrayLength());
            Assert.Empty(told.GetProperty("silent").EnumerateArray());
            Assert.Contains(told.GetProperty("decisions").EnumerateArray(), static one => one.GetProperty("hit").GetBoolean());
            if (admin != admins[0]) continue;
            var copy = told.GetProperty("stored").EnumerateArray().Single(static one => one.GetProperty("as").GetString() == "leased-copy");
            Assert.Equal(Length, copy.GetProperty("here").GetInt32());
        }
    }

    private async Task<double> Held() => (await Task.WhenAll(_cluster.Edges.Select(static edge => edge.Health.Metric("granary_leases_answered_total")))).Sum();

    private static Task IsHeld(EdgeProcess edge) => Deadline.Until(
        async () =>
        {
            var before = await edge.Health.Metric("granary_leases_answered_total");
            await Gets(edge, Content);
            await Gets(edge, Content);
            return await edge.Health.Metric("granary_leases_answered_total") == before + 2;
        },
        static () => "It never became a leased copy.");

    private static async Task Gets(EdgeProcess edge, string content)
    {
        using var client = edge.Client();
        await client.Asks("/file", $"Host: {Host}").Gets(200, content);
    }
}
