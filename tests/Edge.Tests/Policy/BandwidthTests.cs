using System.Net;
using Granary.Edge.Policy;
using Granary.Edge.Policy.Bandwidth;
using Granary.Edge.Rules.Limits;
using Granary.Edge.Tests.Layer4;
using Granary.Language;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7")]
public sealed class BandwidthTests
{
    [Theory]
    [InlineData(1_000, 20_000)]
    [InlineData(100_000, 1_000_000)]
    [InlineData(100_000_000, 1_000_000_000)]
    public async Task What_goes_at_a_pace_takes_as_long_as_that_within_10_percent(long bytesPerSecond, long bytes)
    {
        var clock = new Clock();
        var pace = new Pace(bytesPerSecond, clock.Time);
        var begun = clock.Now;
        await clock.PassesUntil(Send(pace, bytes), Pace.Turn);
        Assert.InRange((clock.Now - begun).TotalSeconds * bytesPerSecond / bytes, 0.9, 1.1);
    }

    [Fact]
    public async Task Those_who_share_a_pace_are_as_fast_as_one_together()
    {
        var clock = new Clock();
        var pace = new Pace(100_000, clock.Time);
        var begun = clock.Now;
        await clock.PassesUntil(Task.WhenAll(Send(pace, 500_000), Send(pace, 250_000), Send(pace, 250_000)), Pace.Turn);
        Assert.InRange((clock.Now - begun).TotalSeconds, 9, 11);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task Paces_are_bounded_and_those_at_rest_make_room()
    {
        var clock = new Clock();
        var paces = new Paces(clock.Time, most: 2);
        var rule = PolicyRule.Of(new PolicyRuleSettings { Bandwidth = 1024 }, 0, []);
        var busy = Enumerable.Range(1, 2).Select(i => paces.Of(rule, ClientKey.Of(new IPAddress(i)))!).ToArray();
        foreach (var pace in busy) await pace.Wait(10_000, default);
        Assert.Same(paces.Of(rule, ClientKey.Of(new IPAddress(3))), paces.Of(rule, ClientKey.Of(new IPAddress(4))));
        Assert.Same(busy[0], paces.Of(rule, ClientKey.Of(new IPAddress(1))));
        clock.Passes(1.Minutes());
        Assert.NotSame(paces.Of(rule, ClientKey.Of(new IPAddress(5))), paces.Of(rule, ClientKey.Of(new IPAddress(6))));
        Assert.Null(paces.Of(PolicyRule.Default(PolicyDefault.Allow), ClientKey.Everybody));
    }

    [Fact]
    public async Task Answers_and_tunnels_go_at_the_pace_of_the_rule()
    {
        var content = new string('x', 400_000);
        await using var origin = Origin.Starts();
        origin.Answers("/stored", 200, ["Cache-Control: max-age=3600"], content);
        origin.Answers("/passed", 200, ["Cache-Control: no-store"], content);
        origin.Answers("/fast", 200, [], content);
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Tunnels:Ports", "1-65535", .. Rules.Switches(
            "Rules:0:Action=Allow", "Rules:0:Urls=http://*:*/fast", "Rules:1:Action=Allow", "Rules:1:Bandwidth=100000")]);
        using var client = process.ForwardClient(origin);
        await client.Asks("/fast").Gets(200, content);
        foreach (var path in new[] { "/stored", "/stored", "/passed" })
            await Takes(process, client.Asks(path).Gets(200, content));

        using var backend = Backend.Listens();
        using var tunnel = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
        await tunnel.Says($"CONNECT {backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        await tunnel.Hears("HTTP/1.1 200 Connection established\r\n\r\n");
        using var server = await backend.Accepts();
        await Takes(process, Task.WhenAll(server.Says(content), tunnel.Takes(content.Length)));
    }

    private static async Task Takes(OneProcess process, Task sent)
    {
        var begun = process.Clock.Now;
        await process.Clock.PassesUntil(sent, Pace.Turn);
        Assert.InRange((process.Clock.Now - begun).TotalSeconds, 3.6, 4.4);
    }

    private static async Task Send(Pace pace, long bytes)
    {
        for (int piece; bytes > 0; bytes -= piece) await pace.Wait(piece = (int)Math.Min(bytes, pace.Piece), default);
    }
}
