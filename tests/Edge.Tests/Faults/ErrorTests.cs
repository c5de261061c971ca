using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>How an error is told: in the answer, in Cache-Status and in the metric, by the same word.</summary>
public sealed class ErrorTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private readonly Logs _logs = Logs.Begin();
    private OneProcess _process = null!;
    private Client _client = null!;

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin, ["--Logging:LogLevel:Granary", "Debug"], _logs);
        _client = _process.Client();
        _origin.Acts("/closes", side =>
        {
            side.Closes();
            return Task.CompletedTask;
        });
        _origin.Acts("/garbage", side => side.Sends("no HTTP\r\n\r\n"));
        _origin.Answers("/well", 200, ["Cache-Control: max-age=60"], "well");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
        _logs.Dispose();
    }

    [Theory, InlineData("GET"), InlineData("POST")]
    public async Task The_next_request_on_the_same_connection_is_clean_after_each_error(string method)
    {
        using var client = await RawClient.Connects(_process.Url);
        foreach (var path in new[] { "/closes", "/garbage", "/well", "/garbage", "/closes", "/well" })
        {
            await client.Sends($"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nGET ");
            var (head, content) = await client.ReadsResponse();
            Assert.StartsWith(path == "/well" ? "HTTP/1.1 200 " : "HTTP/1.1 502 ", head, StringComparison.Ordinal);
            Assert.Equal(path == "/well", content == "well");
            Assert.Single(System.Text.RegularExpressions.Regex.Matches(head, "(?m)^Cache-Status: "));
            if (path != "/well") Assert.Contains("Cache-Control: no-store\r\n", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_error_is_a_problem_for_who_would_rather_have_JSON_and_has_no_content_for_HEAD()
    {
        var got = await _client.Asks("/closes", "Accept: application/json").Gets(502);
        got.Has("Content-Type: application/problem+json").SaysNothingInner();
        var problem = JsonDocument.Parse(got.Content).RootElement;
        Assert.Equal("head", problem.GetProperty("stage").GetString());
        Assert.Equal("connection_terminated", problem.GetProperty("error").GetString());
        await _client.Sends("HEAD", "/closes", []).Gets(502, "");
    }

    [Theory, InlineData("GET"), InlineData("POST")]
    public async Task An_error_is_logged_once_in_the_words_of_its_answer(string method)
    {
        await _client.Sends(method, "/garbage", [], method == "POST" ? "x" : null).Fails(502, "head", "http_protocol_error");
        var line = Assert.Single(_logs.Lines, line => line.Event == "RequestFailed");
        Assert.Equal("Request failed: http_protocol_error at stage Head, status 502", line.Text);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_fault_of_the_origin()
    {
        var asked = new TaskCompletionSource();
        _origin.Acts("/silent", async side =>
        {
            asked.SetResult();
            await side.Waits();
        });
        using (var client = await RawClient.Connects(_process.Url))
        {
            await client.Sends("POST /silent HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            await asked.Task;
            client.Resets();
        }

        Assert.Equal("Request failed: client_gone at stage Client, status 499", (await _logs.Tell("RequestFailed")).Text);
    }
}
