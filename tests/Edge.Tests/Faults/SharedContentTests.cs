using Granary.Grains.Store;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Faults;

/// <summary>Content that many read, that must go while it is read, or that is too much to keep.</summary>
public sealed class SharedContentTests : IAsyncLifetime
{
    private const int MiB = 1 << 20;

    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;
    private Client _client = null!;

    private ResponseStore Store => _process.Services.GetRequiredService<ResponseStore>();

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin, ["--memory", "16MiB", "--Granary:Store:MaxResponseSize", "6MiB", "--Granary:Store:MaxVariantsPerUrl", "8"]);
        _client = _process.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact, Trait("Fault", "27"), Trait("Promise", "P4")]
    public async Task A_response_that_is_evicted_while_it_is_sent_is_sent_whole()
    {
        var content = new string('e', 5 * MiB);
        _origin.Answers("/first", 200, ["Cache-Control: max-age=60"], content);
        await _client.Asks("/first").Gets(200, content, Outcome.Stored);
        using var reader = await RawClient.Connects(_process.Url, receives: 4096);
        await reader.Sends($"GET /first HTTP/1.1\r\nHost: {_process.Url.Authority}\r\n\r\n");
        Assert.Contains("; hit;", await reader.ReadsHead(), StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            _origin.Answers($"/{i}", 200, ["Cache-Control: max-age=60"], new string((char)('a' + i), MiB));
            await _client.Asks($"/{i}").Gets(200, new string((char)('a' + i), MiB));
        }

        Assert.True(Store.Statistics.Evictions > 0);
        Assert.Equal(content, await reader.Reads(content.Length));
    }

    [Theory, InlineData(true), InlineData(false), Trait("Fault", "28"), Trait("Promise", "P7")]
    public async Task Content_larger_than_may_be_stored_is_streamed_and_not_stored(bool isLengthDeclared)
    {
        const int size = 48 * MiB;
        _origin.Acts("/huge", async side =>
        {
            await side.Sends($"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n{(isLengthDeclared ? $"Content-Length: {size}" : "Transfer-Encoding: chunked")}\r\n\r\n");
            for (var i = 0; i < size; i += MiB)
                await side.Sends(isLengthDeclared ? new string('h', MiB) : $"{MiB:x}\r\n{new string('h', MiB)}\r\n");
            if (!isLengthDeclared) await side.Sends("0\r\n\r\n");
        });
        for (var i = 0; i < 2; i++)
        {
            using var message = await _client.Asks("/huge").Head;
            var content = await message.Content.ReadAsStreamAsync();
            var (total, buffer) = (0L, new byte[64 * 1024]);
            for (var read = await content.ReadAsync(buffer); read > 0; read = await content.ReadAsync(buffer))
            {
                total += read;
                Assert.InRange(Store.Statistics.Bytes, 0, 17 * MiB);
            }

            Assert.Equal(size, total);
        }

        Assert.Equal(0, Store.Statistics.Objects);
    }

    [Fact, Trait("Fault", "25"), Trait("Promise", "P5")]
    public async Task A_collapsed_fetch_whose_answer_varies_gives_each_his_own()
    {
        var gate = new TaskCompletionSource();
        _origin.Acts("/page", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60", "Vary: X-User"], "for " + side.Request.Fields.First("X-User"));
        });
        var asking = Enumerable.Range(0, 20).Select(i => _client.Asks("/page", $"X-User: {i % 5}")).ToList();
        await _origin.IsAsked("/page");
        gate.SetResult();
        for (var i = 0; i < asking.Count; i++) await asking[i].Gets(200, $"for {i % 5}");
    }

    [Fact, Trait("Fault", "29"), Trait("Promise", "P7")]
    public async Task Variants_of_one_URL_are_capped_and_distinct_URLs_bounded()
    {
        _origin.Acts("/vary", side => side.Answers(200, ["Cache-Control: max-age=60", "Vary: X-V"], side.Request.Fields.First("X-V")!));
        for (var i = 0; i < 200; i++) await _client.Asks("/vary", $"X-V: {i}").Gets(200, $"{i}");
        Assert.InRange(Store.Statistics.Objects, 1, 8);
        _origin.Acts("/many", side => side.Answers(200, ["Cache-Control: max-age=60"], new string('m', 20_000)));
        for (var i = 0; i < 2000; i++) await _client.Asks($"/many?{i}").Gets(200);
        Assert.InRange(Store.Statistics.Bytes, 0, 16 * MiB);
    }
}
