using Granary.Language;
using Granary.Samples;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Routing;

public sealed class SampleTests
{
    [Fact]
    public async Task An_application_with_YARP_has_the_cache_by_two_lines()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        origin.Answers("/api/items", 200, ["Cache-Control: max-age=60"], "items");
        await using var app = ReverseProxySample.Build(
        [
            "--urls", "http://127.0.0.1:0", "--environment", "Production",
            "--ReverseProxy:Clusters:site:Destinations:one:Address", origin.Url, "--ReverseProxy:Clusters:site:Destinations:two:Address", origin.Url,
            "--ReverseProxy:Routes:site:ClusterId", "site", "--ReverseProxy:Routes:site:Match:Path", "{**rest}",
            "--ReverseProxy:Routes:api:ClusterId", "site", "--ReverseProxy:Routes:api:Match:Path", "/api/{**rest}", "--ReverseProxy:Routes:api:Metadata:Granary.Cache", "off",
        ]);
        await app.StartAsync().Within();
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var client = new Client(path => new Uri(url, path));
        await client.Asks("/page").Gets(200, "page", Outcome.Stored);
        await client.Asks("/page").Gets(200, "page", Outcome.Hit);
        await client.Sends("POST", "/page", [], "x").Gets(200, "page", Outcome.Method);
        await client.Asks("/page").Gets(200, "page", Outcome.Stored);
        await client.Asks("/api/items").Gets(200, "items", Outcome.NotStored);
        await client.Asks("/about").Gets(200, "This application has endpoints of its own.");
        await client.Sends("PURGE", "/page", []).Gets(403);
        await client.Asks("/page").Gets(200, "page", Outcome.Hit);
        await app.StopAsync().Within();
    }

    [Fact]
    public void What_the_application_decides_itself_is_refused_by_name()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => ReverseProxySample.Build(["--Granary:Listen", "http://localhost:1", "--Granary:Admin:Token", "x"]));
        Assert.Contains("Granary:Listen, Granary:Admin", refused.Message, StringComparison.Ordinal);
    }
}
