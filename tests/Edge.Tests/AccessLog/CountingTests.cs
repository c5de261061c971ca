using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.AccessLog;

/// <summary>What is counted is what goes to the client, and counting it changes nothing.</summary>
public sealed class CountingTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-log-");

    private string Here => Path.Combine(_directory.FullName, "access.log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Stored_passed_partial_compressed_and_empty_content_is_whole_and_counted()
    {
        var content = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"{i} "));
        await using var origin = Origin.Starts();
        origin.Answers("/stored", 200, ["Cache-Control: max-age=60", "Content-Type: text/plain"], content);
        origin.Answers("/passed", 200, ["Cache-Control: no-store"], content);
        var coded = 0;
        await using (var process = await OneProcess.Starts(origin, ["--Granary:AccessLog:Path", Here, "--Granary:Compression:Enabled", "true", "--Granary:Compression:Codings", "gzip"]))
        {
            using var client = process.Client();
            await client.Asks("/stored").Gets(200, content);
            await client.Asks("/stored").Gets(200, content, Outcome.Hit);
            await client.Asks("/stored", "Range: bytes=10-19").Gets(206, content[10..20]);
            await client.Sends("HEAD", "/stored", []).Gets(200, "");
            coded = (await client.Asks("/stored", "Accept-Encoding: gzip").Gets(200)).Content.Length;
            await client.Asks("/passed").Gets(200, content);
            await client.Asks("/stored", "If-None-Match: *").Gets(304, "");
        }

        long[] bytes = [.. File.ReadAllLines(Here).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("bytes").GetInt64())];
        Assert.Equal([content.Length, content.Length, 10, 0, coded, content.Length, 0], bytes);
        Assert.True(coded < content.Length);
    }

    [Fact]
    public async Task A_client_that_leaves_has_not_got_all()
    {
        await using var origin = Origin.Starts();
        await using (var process = await OneProcess.Starts(origin, ["--Granary:AccessLog:Path", Here]))
        {
            var asked = new TaskCompletionSource();
            origin.Acts("/slow", async _ =>
            {
                asked.TrySetResult();
                await new TaskCompletionSource().Task;
            });
            using var client = await RawClient.Connects(process.Url);
            await client.Sends("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            await asked.Task.Within();
            client.Resets();
            await process.HasClients(0, soFar: 1);
        }

        var line = JsonDocument.Parse(File.ReadAllText(Here)).RootElement;
        Assert.Equal((499, true), (line.GetProperty("status").GetInt32(), line.GetProperty("aborted").GetBoolean()));
    }
}
