using System.Net;
using Granary.Language;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Granary.Edge.Tests.Routing.RoutedProcess;

namespace Granary.Edge.Tests.Routing;

public sealed class PassTests
{
    private const string All = """ "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } } """;

    [Fact]
    public async Task A_cluster_of_HTTP2_is_fetched_from_and_passed_to_by_HTTP2_and_trailers_come_through()
    {
        await using var origin = await Http2Origin();
        var address = origin.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var granary = await Starts(All, $$"""{{""}}"one": { "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }, "Destinations": { "one": { "Address": "{{address}}" } } }""");
        using var client = granary.Client();
        await client.Asks("/page").Gets(200, "HTTP/2 GET", Outcome.Stored);
        await client.Asks("/page").Gets(200, "HTTP/2 GET", Outcome.Hit);
        await client.Sends("POST", "/page", [], "content").Gets(200, "HTTP/2 POST content", Outcome.Method);

        using var http2 = new Client(path => new Uri(granary.Process.Url, path), HttpVersion.Version20);
        using var answer = await http2.Sends("POST", "/page", ["TE: trailers"], "content").Head;
        Assert.Equal("HTTP/2 POST content", await answer.Content.ReadAsStringAsync().Within());
        Assert.Equal("ok", Assert.Single(answer.TrailingHeaders.GetValues("X-Trailer")));
    }

    private static async Task<WebApplication> Http2Origin()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(static async context =>
        {
            using var content = new StreamReader(context.Request.Body);
            var text = await content.ReadToEndAsync();
            context.Response.Headers.CacheControl = "max-age=60";
            if (HttpMethods.IsPost(context.Request.Method)) context.Response.DeclareTrailer("X-Trailer");
            await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Method} {text}".TrimEnd());
            if (HttpMethods.IsPost(context.Request.Method)) context.Response.AppendTrailer("X-Trailer", "ok");
        });
        await app.StartAsync().Within();
        return app;
    }

    [Fact]
    public async Task The_time_of_a_route_ends_the_wait_of_the_client_with_504()
    {
        await using var origin = Origin.Starts();
        var gate = new TaskCompletionSource();
        origin.Acts("/page", async side =>
        {
            await gate.Task;
            await side.Answers(200, ["Cache-Control: max-age=60"], "late");
        });
        await using var granary = await Starts(""" "all": { "ClusterId": "one", "Timeout": "00:00:00.2000000", "Match": { "Path": "{**rest}" } } """, Cluster("one", origin));
        using var client = granary.Client();
        (await client.Asks("/page").Gets(504)).SaysNothingInner();
        gate.SetResult();
        await granary.Process.FetchesEnd(new Uri(granary.Process.Url, "/page").AbsoluteUri);
        await client.Asks("/page").Gets(200, "late", Outcome.Hit); // the fetch goes on when its client leaves (P1)
    }

    [Fact, Trait("Promise", "P5")]
    public async Task A_request_without_a_host_is_routed_and_not_stored()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await using var granary = await Starts(All, Cluster("one", origin));
        for (var i = 0; i < 2; i++)
        {
            using var client = await RawClient.Connects(granary.Process.Url);
            await client.Sends("GET /page HTTP/1.0\r\n\r\n");
            var answer = await client.ReadsToEnd();
            Assert.Contains("detail=no-host", answer, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\npage", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" , "Transforms": [ { "RequestHeader": "X-Set", "Set": "by the route" } ] """)]
    public async Task A_WebSocket_goes_through(string transforms)
    {
        await using var origin = Origin.Starts();
        origin.Acts("/echo", static async side =>
        {
            await side.Sends("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            await side.Echoes("bye");
        });
        await using var granary = await Starts($$"""{{""}}"all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } {{transforms}} }""", Cluster("one", origin));
        using var client = await RawClient.Connects(granary.Process.Url);
        await client.Sends("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", await client.ReadsHead(), StringComparison.Ordinal);
        await client.Sends("hello");
        Assert.Equal("hello", await client.Reads(5));
    }
}
