using System.Globalization;
using System.Net;
using Granary.Language;

namespace Granary.Scenarios.OneEdge;

/// <summary>
/// Content larger than any budget streams through, and the memory of the process stays flat. <c>GRANARY_SOAK=1</c> uses the full sizes (5 GiB, 1 GiB, 2 GiB).
/// </summary>
[Collection(Cluster.Processes.Name)]
public sealed class LargeContentScenarios : IAsyncLifetime
{
    private const long MiB = 1 << 20;
    private static readonly bool Soak = Environment.GetEnvironmentVariable("GRANARY_SOAK") == "1";
    private static readonly byte[] Piece = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31 >> 3))];

    private readonly Origin _origin = Origin.Starts();
    private EdgeProcess _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeProcess.Starts("--origin", _origin.Url, "--memory", "64MiB");

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory, Trait("Promise", "P7"), Trait("Fault", "28")]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Cache-Control: max-age=60")]
    public async Task A_download_larger_than_memory_is_passed_through_with_flat_memory(string cacheControl)
    {
        var size = (Soak ? 5 * 1024 : 768) * MiB;
        _origin.Acts("/image", async side =>
        {
            await side.Answers(200, [cacheControl, $"Content-Length: {size}"]);
            for (var sent = 0L; sent < size; sent += Piece.Length) await side.Sends(Piece);
        });
        using var client = _edge.Client();
        using var response = await client.Asks("/image").Head;
        await using var stream = await response.Content.ReadAsStreamAsync();
        await AssertFlat(stream, size, 128 * MiB);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task An_upload_is_passed_through_with_flat_memory()
    {
        var size = (Soak ? 1024 : 512) * MiB;
        _origin.Acts("/upload", side => side.Answers(200, [], side.Request.ContentLength.ToString(CultureInfo.InvariantCulture)));
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var before = _edge.Memory;
        var most = 0L;
        using var content = new PiecesContent(size, () => most = Math.Max(most, _edge.Memory));
        var response = await http.PostAsync(new Uri(_edge.Url, "/upload"), content);
        Assert.Equal(size.ToString(CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync());
        Assert.InRange(most - before, long.MinValue, 128 * MiB);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task Under_a_stream_of_distinct_content_memory_stays_flat_and_the_hot_set_stays()
    {
        var distinct = (Soak ? 2048 : 512) * MiB / (64 * 1024);
        var content = new string('x', 64 * 1024);
        _origin.Acts("/object", side => side.Answers(200, ["Cache-Control: max-age=3600"], content));
        using var client = _edge.Client();
        var (hits, warm) = (0, 0L);
        for (var i = 0; i < distinct; i++)
        {
            await client.Asks($"/object?cold-{i}").Gets(200);
            if (i % 2 == 0 && (await client.Asks($"/object?hot-{i / 2 % 64}").Gets(200)).CacheStatus.Contains("hit", StringComparison.Ordinal)) hits++;
            if (i == distinct / 4) warm = _edge.Memory;
        }

        Assert.InRange(_edge.Memory - warm, long.MinValue, 64 * MiB);
        Assert.InRange(hits, (int)(distinct / 2 * 0.9), int.MaxValue);
    }

    private async Task AssertFlat(Stream stream, long size, long growth)
    {
        var buffer = new byte[1 << 20];
        var (total, start) = (0L, _edge.Memory);
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            for (var i = 0; i < read; i += 997) Assert.Equal(Piece[(total + i) % Piece.Length], buffer[i]);
            if (total / (64 * MiB) != (total + read) / (64 * MiB)) Assert.InRange(_edge.Memory - start, long.MinValue, growth);
            total += read;
        }

        Assert.Equal(size, total);
    }

    private sealed class PiecesContent(long size, Action each) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var sent = 0L; sent < size; sent += Piece.Length)
            {
                await stream.WriteAsync(Piece);
                if (sent % (64 * MiB) == 0) each();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
