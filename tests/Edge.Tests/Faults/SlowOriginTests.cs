using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Origins that stop or drip: limits of time by the one clock, on each road.</summary>
[Collection(FaultsCollection.Name)]
public sealed class SlowOriginTests(CachingWorld world) : FaultScene(world)
{
    public static TheoryData<Road> EachRoad => [.. Roads];

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "31")]
    public async Task An_origin_that_accepts_and_says_nothing_is_504_for_all_who_wait(Road road)
    {
        var never = new TaskCompletionSource();
        await Acts(road, "/silent", _ => never.Task);
        var asking = Enumerable.Range(0, 5).Select(_ => Asks(road, "/silent")).ToList();
        await Clock.Holds(Limits.Head, road is Road.Posted or Road.Remembered ? 5 : 1);
        if (road is Road.Fetched or Road.FetchedForHttp2) await Process.HaveJoined(UriOf("/silent"), 5);
        Origin.Answers("/other", 200, ["Cache-Control: max-age=60"], "other");
        await Client.Asks("/other").Gets(200, "other"); // others are not affected
        foreach (var one in asking) await Clock.PassesUntil(one.Ends, Limits.Head);
        foreach (var one in asking) await one.Fails(504, "head", "http_response_timeout");
        never.SetResult();
        await IsWellAfter(road, "/silent");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "31"), Trait("Fault", "36")]
    public async Task A_head_that_stops_or_drips_is_504(Road road)
    {
        await Acts(road, "/half", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nX-Half");
            await side.Waits();
        });
        var asking = Asks(road, "/half");
        await Clock.PassesUntil(asking.Ends, Limits.Head);
        await asking.Fails(504, "head", "http_response_timeout");
        await IsWellAfter(road, "/half");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "31")]
    public async Task Content_that_stops_is_cut_for_all_who_read_it(Road road)
    {
        await Acts(road, "/stops", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nabcd");
            await side.Waits();
        });
        var asking = Enumerable.Range(0, 3).Select(_ => Asks(road, "/stops")).ToList();
        foreach (var one in asking) _ = await one.Head; // the head comes at once
        var cuts = asking.Select(one => one.IsCut()).ToList();
        await Clock.PassesUntil(Task.WhenAll(cuts), Limits.Idle);
        foreach (var cut in cuts) await cut;
        await IsWellAfter(road, "/stops");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "32")]
    public async Task Content_of_declared_length_that_drips_is_cut(Road road)
    {
        using var drop = new SemaphoreSlim(0);
        await Acts(road, "/drips", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                await drop.WaitAsync();
                await side.Sends("d");
            }
        });
        var asking = Asks(road, "/drips");
        _ = await asking.Head;
        var cut = asking.IsCut();
        await Clock.PassesInSteps(cut, Limits.Idle, 10.Minutes(), () => drop.Release());
        await cut;
        await IsWellAfter(road, "/drips");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "32")]
    public async Task Events_that_come_now_and_then_are_no_drip(Road road)
    {
        using var next = new SemaphoreSlim(0);
        await Acts(road, "/events", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await side.Sends("1\r\ne\r\n");
            }

            await side.Sends("0\r\n\r\n");
        });
        using var message = await Asks(road, "/events").Head; // before the first event
        var content = await message.Content.ReadAsStreamAsync();
        for (var i = 0; i < 5; i++)
        {
            Clock.Passes(40.Seconds());
            next.Release();
            await content.ReadExactlyAsync(new byte[1]).AsTask().Within();
        }

        Assert.Equal(0, await content.ReadAsync(new byte[1]));
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "36")]
    public async Task A_head_that_is_too_large_is_502_and_read_no_further(Road road)
    {
        await Acts(road, "/large", side => side.Sends("HTTP/1.1 200 OK\r\nX-Large: " + new string('a', 200 * 1024) + "\r\nContent-Length: 0\r\n\r\n"));
        await Asks(road, "/large").Fails(502, "head", "http_response_header_section_size");
        await Acts(road, "/many", side => side.Sends("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"X-{i}: a\r\n")) + "Content-Length: 0\r\n\r\n"));
        await Asks(road, "/many").Fails(502, "head", "http_response_header_section_size");
        var sent = 0L;
        await Acts(road, "/endless", async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\n");
            for (; ; sent += 1004) await side.Sends("X-More: " + new string('a', 1000 - 4) + "\r\n");
        });
        await Asks(road, "/endless").Fails(502, "head", "http_response_header_section_size");
        Assert.InRange(sent, 0, 16 << 20); // what fits into the sockets' buffers beside the limit
        await IsWellAfter(road, "/endless");
    }

    [Theory, MemberData(nameof(EachRoad)), Trait("Fault", "37")]
    public async Task Endless_hints_are_not_passed_for_ever(Road road)
    {
        await Acts(road, "/hints", async side =>
        {
            while (true) await side.Sends("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        });
        await Asks(road, "/hints").Fails(502, "head", "http_protocol_error");
        await IsWellAfter(road, "/hints");
    }

    [Fact, Trait("Fault", "31")]
    public async Task An_origin_that_does_not_take_the_content_of_a_request_is_504()
    {
        var never = new TaskCompletionSource();
        Origin.TakesHeadsOnly("/upload", _ => never.Task);
        var asking = Client.Sends("POST", "/upload", [], new string('u', 32 << 20));
        await Clock.PassesUntil(asking.Ends, Limits.Idle);
        await asking.Fails(504, "head", "http_response_timeout");
        never.SetResult();
        await IsWellAfter(Road.Posted, "/upload");
    }
}
