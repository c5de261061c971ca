using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking;

[Collection(CachingCollection.Name)]
public sealed class StreamTests(CachingWorld world) : CachingScene(world)
{
    [Fact, Trait("Needs", "Clock")]
    public async Task Events_that_come_seldom_are_no_slow_answer()
    {
        var next = new SemaphoreSlim(0);
        Origin.Acts("/events", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await side.Sends("1\r\ne\r\n");
            }

            await side.Sends("0\r\n\r\n");
        });
        using var events = await Client.Asks("/events").Head;
        var stream = await events.Content.ReadAsStreamAsync();
        var one = new byte[1];
        for (var i = 0; i < 5; i++)
        {
            Clock.Passes(20.Seconds());
            next.Release();
            await stream.ReadExactlyAsync(one).AsTask().Within();
        }

        Assert.Equal(0, await stream.ReadAsync(one));
    }

    [Theory, Trait("Spec", "RFC 9110 §15"), Trait("Kind", "check")]
    [InlineData(204, "Cache-Control: max-age=60\r\nX-A: 1", "")]
    [InlineData(205, "Cache-Control: max-age=60\r\nContent-Length: 0", "")]
    [InlineData(205, "Content-Length: 3", "abc")]
    [InlineData(205, "Cache-Control: max-age=60\r\nContent-Length: 3", "abc")]
    [InlineData(204, "Cache-Control: max-age=60\r\nContent-Length: 0", "")]
    [InlineData(299, "Cache-Control: max-age=60\r\nContent-Length: 3", "abc")]
    [InlineData(404, "Cache-Control: no-store\r\nContent-Length: 3", "abc")]
    [InlineData(599, "Cache-Control: max-age=60\r\nContent-Length: 3", "abc")]
    [InlineData(200, "Cache-Control: max-age=60\r\nContent-Length: 0", "")]
    [InlineData(200, "Cache-Control: max-age=60\r\nTransfer-Encoding: chunked", "0\r\n\r\n")]
    [InlineData(200, "Cache-Control: max-age=60\r\nX-Latin: caf\u00e9\r\nContent-Length: 3", "abc")]
    public async Task An_odd_but_valid_answer_is_passed_on_whole_both_times(int status, string fields, string raw)
    {
        Origin.Acts("/odd", side => side.Sends($"HTTP/1.1 {status} \u00fcber\r\n{fields}\r\n\r\n{raw}"));
        var expected = raw.StartsWith('0') || status == 205 ? "" : raw;
        await Client.Asks("/odd").Gets(status, expected);
        await Client.Asks("/odd").Gets(status, expected);
        var head = await Client.Sends("HEAD", "/odd", []).Gets(status, "");
        if (expected.Length > 0 && fields.Contains("max-age", StringComparison.Ordinal)) head.Has("Content-Length: 3");
    }
}
