using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Members that show each other certificates of one authority.</summary>
[Collection(Processes.Name)]
public sealed class TlsScenarios : IAsyncLifetime
{
    private const string Site = "Host: site.example";

    private readonly Origin _origin = Origin.Starts();
    private readonly Authority _authority = Authority.Begins();
    private readonly Authority _another = Authority.Begins();
    private Language.Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Language.Cluster.Starts(_origin, silos: 2, edges: 1, edgeSwitches: _authority.Switches("edge"), siloSwitches: _authority.Switches("silo"));

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _origin.DisposeAsync();
        _authority.Dispose();
        _another.Dispose();
    }

    [Fact]
    public async Task Members_of_one_authority_share_and_who_has_another_certificate_or_none_is_not_let_in()
    {
        using var client = _cluster.Edges[0].Client();
        foreach (var (path, content) in new[] { ("/small", "small"), ("/large", new string('x', 300_000)) })
        {
            _origin.Answers(path, 200, ["Cache-Control: max-age=60"], content);
            await client.Asks(path, Site).Gets(200, content, Outcome.Stored);
            await client.Asks(path, Site).Gets(200, content, Outcome.Hit);
        }

        await using var stranger = await EdgeProcess.Starts(["--redis", _cluster.Redis.Address, "--origin", _origin.Url, .. _another.Switches("edge")]);
        await using var plain = await EdgeProcess.Starts("--redis", _cluster.Redis.Address, "--origin", _origin.Url);
        foreach (var outsider in new[] { stranger, plain })
        {
            using var asks = outsider.Client();
            await outsider.Process.Says("Waiting for the cluster");
            await asks.Asks("/small", Site).Gets(200, "small", Outcome.NotStored);
            await outsider.Health.IsNotReady("cluster: Waiting for a silo.");
        }
    }
}
