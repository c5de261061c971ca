using System.Net;
using Granary.Edge.Tests.Routing;
using Granary.Edge.Tests.Tls;
using Granary.Language;

namespace Granary.Edge.Tests.Streams;

/// <summary>Server-sent events and long polls.</summary>
public sealed class EventTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("1.1", "origin", "Cache-Control: no-cache")]
    [InlineData("2.0", "origin", "Cache-Control: no-store")]
    [InlineData("1.1", "route", "X-Nothing: said")]
    [InlineData("2.0", "route", "X-Nothing: said")]
    public async Task Events_reach_each_client_one_by_one_for_longer_than_any_limit_of_silence(string version, string by, string field)
    {
        await using var origin = Origin.Starts();
        using var next = new SemaphoreSlim(0);
        origin.Acts("/events", async side =>
        {
            await side.Sends($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{field}\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 9; i++)
            {
                await next.WaitAsync();
                await side.Sends(i % 3 == 0 ? "b\r\ndata: one\n\n\r\n" : "3\r\n:\n\n\r\n");
            }

            await side.Sends("0\r\n\r\n");
        });
        await using var granary = await Starts(origin, by);
        for (var client = 0; client < 2; client++) // the first asks the owner, the second is passed
        {
            using var secure = granary.Process.SecureClient(_issuer, version: new Version(version));
            using var answer = await secure.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Within(); // before any event
            await using var stream = await answer.Content.ReadAsStreamAsync();
            for (var i = 0; i < 9; i++)
            {
                granary.Process.Clock.Passes(Limits.Idle / 2);
                next.Release();
                var expected = i % 3 == 0 ? "data: one\n\n" : ":\n\n";
                var event_ = new byte[expected.Length];
                await stream.ReadExactlyAsync(event_).AsTask().Within();
                Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(event_));
            }

            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().Within());
        }
    }

    [Fact]
    public async Task A_client_that_leaves_its_events_ends_them_at_the_origin()
    {
        await using var origin = Origin.Starts();
        var left = new TaskCompletionSource();
        origin.Acts("/events", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n");
            await side.Waits();
            left.SetResult();
        });
        await using var granary = await Starts(origin, "off");
        using (var secure = granary.Process.SecureClient(_issuer))
        using (await secure.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Within())
        {
        }

        await left.Task.Within();
    }

    [Theory, InlineData("GET"), InlineData("POST")]
    public async Task A_poll_is_answered_late_and_polls_of_a_route_that_is_not_cached_do_not_wait_for_each_other(string method)
    {
        await using var origin = Origin.Starts();
        using var news = new SemaphoreSlim(0);
        origin.Acts("/poll", async side =>
        {
            await news.WaitAsync();
            await side.Answers(200, ["Cache-Control: no-store"], "news");
        });
        await using var granary = await Starts(origin, "off");
        using var client = granary.Client();
        var polls = Enumerable.Range(0, 5).Select(_ => client.Sends(method, "/poll", [], method == "POST" ? "since=1" : null)).ToArray();
        await origin.IsAsked("/poll", 5);
        granary.Process.Clock.Passes(Limits.Head - 1.Seconds());
        news.Release(5);
        foreach (var poll in polls) await poll.Gets(200, "news");
    }

    private Task<RoutedProcess> Starts(Origin origin, string by)
    {
        var tls = _issuer.Switches((_issuer.ForServer("www.example.com"), null));
        var off = by == "off" ? """, "Metadata": { "Granary.Cache": "off" }""" : "";
        return by == "origin"
            ? RoutedProcess.StartsWith("{}", [.. tls, "--origin", origin.Url])
            : RoutedProcess.Starts($$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } {{off}} }""", RoutedProcess.Cluster("one", origin), tls);
    }
}
