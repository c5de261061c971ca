using System.Security.Cryptography;
using Granary.Language;

namespace Granary.Scenarios.OneEdge;

/// <summary>Many clients at once on one process, started as a user would start it.</summary>
[Collection(Cluster.Processes.Name)]
public sealed class CrowdScenarios : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private EdgeProcess _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeProcess.Starts("--origin", _origin.Url);

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Promise", "P1")]
    public async Task A_thousand_clients_on_a_cold_URL_cost_the_origin_one_request()
    {
        var gate = new TaskCompletionSource();
        var content = Convert.ToHexString(RandomNumberGenerator.GetBytes(8 * 1024));
        _origin.Acts("/cold", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], content);
        });
        using var client = _edge.Client();
        var asking = Enumerable.Range(0, 1000).Select(_ => client.Asks("/cold")).ToList();
        await _origin.IsAsked("/cold");
        gate.SetResult();
        foreach (var one in asking) await one.Gets(200, content);
        _origin.WasAsked("/cold", 1);
    }

    [Fact, Trait("Promise", "P1"), Trait("Promise", "P7")]
    public async Task A_thousand_clients_share_a_large_response_while_it_trickles_in()
    {
        const int chunk = 64 * 1024, chunks = 256; // 16 MiB
        var next = new SemaphoreSlim(0);
        var piece = RandomNumberGenerator.GetBytes(chunk);
        _origin.Acts("/large", async side =>
        {
            await side.Answers(200, ["Cache-Control: max-age=60", $"Content-Length: {chunk * chunks}"]);
            for (var i = 0; i < chunks; i++)
            {
                if (i is > 0 and < 3) await next.WaitAsync();
                await side.Sends(piece);
            }
        });
        using var client = _edge.Client();
        var heads = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => client.Asks("/large").Head));
        var streams = await Task.WhenAll(heads.Select(head => head.Content.ReadAsStreamAsync()));
        await Task.WhenAll(streams.Select(stream => stream.ReadExactlyAsync(new byte[1]).AsTask())); // the origin is still sending
        heads[0].Dispose(); // the first client leaves
        next.Release(2);
        var lengths = await Task.WhenAll(streams.Skip(1).Select(Drain));
        Assert.All(lengths, length => Assert.Equal(chunk * chunks - 1, length));
        _origin.WasAsked("/large", 1);
    }

    [Fact]
    public async Task Two_hundred_clients_on_an_uncacheable_URL_do_not_wait_for_each_other()
    {
        // The second wave is at the origin all at once, so nobody of it can have waited for another.
        var wave = new TaskCompletionSource();
        var first = new TaskCompletionSource();
        var count = 0;
        _origin.Acts("/live", async side =>
        {
            await (Interlocked.Increment(ref count) == 1 ? first.Task : wave.Task);
            await side.Answers(200, ["Cache-Control: no-store"], "live");
        });
        using var client = _edge.Client();
        var asking = Enumerable.Range(0, 200).Select(_ => client.Asks("/live")).ToList();
        await _origin.IsAsked("/live");
        first.SetResult();
        await _origin.IsAsked("/live", 200);
        wave.SetResult();
        foreach (var one in asking) await one.Gets(200, "live");
    }

    private static async Task<long> Drain(Stream stream)
    {
        var buffer = new byte[128 * 1024];
        var total = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var read) total += read;
        return total;
    }
}
