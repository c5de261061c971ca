using System.Net;
using System.Text;
using Granary.Edge.Policy.Lists;
using Granary.Edge.Tests.Configuration;
using Granary.Edge.Tests.Layer4;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7")]
public sealed class PolicyProxyTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        foreach (var path in new[] { "/page", "/blocked/page", "/file.exe", "/limited" }) _origin.Answers(path, 200, ["Cache-Control: max-age=3600"], "page");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    private static Task<OneProcess> Starts(params string[] settings) => OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8;::1", "--Granary:Tunnels:Ports", "1-65535", .. Rules.Switches(settings)]);

    private static async Task<string> Metrics(OneProcess process)
    {
        using var admin = new Client(path => new Uri(process.Admin, path));
        return (await admin.Asks("/metrics").Gets(200)).Content;
    }

    [Fact]
    public async Task A_request_that_is_denied_is_answered_with_the_name_of_the_rule_in_every_form()
    {
        using var logs = Logs.Begin();
        var pages = Directory.CreateTempSubdirectory("granary-test-");
        File.WriteAllText(Path.Combine(pages.FullName, "http_request_denied.html"), "<p>{{rule}} says no to {{host}}</p>");
        await using var process = await OneProcess.Starts(null, ["--Granary:Errors:Pages", pages.FullName, "--allow-destination", "127.0.0.0/8", "--Logging:LogLevel:Granary", "Debug", .. Rules.Switches(
            "Rules:0:Name=no-blocked", "Rules:0:Action=Deny", "Rules:0:Urls=http://127.0.0.1:*/blocked/*", "Rules:1:Name=watched", "Rules:1:Action=Allow", "Rules:1:Log=true")], logs);
        using var client = process.ForwardClient(_origin);
        var got = await client.Asks("/blocked/page").Fails(403, "access", "http_request_denied");
        Assert.Contains("no-blocked", got.Content, StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"no-blocked\"", (await client.Asks("/blocked/page", "Accept: application/json").Gets(403)).Content, StringComparison.Ordinal);
        Assert.Equal($"<p>no-blocked says no to {_origin.Authority}</p>", (await client.Asks("/blocked/page", "Accept: text/html").Gets(403)).Content);
        await client.Sends("POST", "/%62locked//page", [], "x").Gets(403);
        await client.Asks("/page").Gets(200, "page");
        _origin.WasAsked("/blocked/page", 0);

        Assert.Matches("""granary_policy_verdicts_total\{[^}]*rule="no-blocked"[^}]*verdict="deny"[^}]*\} 4\b""", await Metrics(process));
        var denied = logs.Lines.Where(static line => line.Event == "Judged" && line.Text.StartsWith("Deny", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, denied.Count);
        Assert.All(denied, static line => Assert.StartsWith("Deny by rule no-blocked: - at 127.0.0.1 by Http to 127.0.0.1:", line.Text, StringComparison.Ordinal));
        Assert.Single(logs.Lines, static line => line.Event == "Judged" && line.Level == Microsoft.Extensions.Logging.LogLevel.Information && line.Text.StartsWith("Allow by rule watched", StringComparison.Ordinal));
        pages.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_stored_is_denied_too_from_when_the_rule_is_there_and_answered_when_it_has_gone()
    {
        using var file = ConfigFile.With("{}");
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--config", file.Path]);
        using var client = process.ForwardClient(_origin);
        await client.Asks("/page").Gets(200, "page", Outcome.Stored);
        await client.Asks("/page").Gets(200, "page", Outcome.Hit);

        file.Becomes("""{"Granary":{"Policy":{"Rules":[{"Name":"closed","Action":"Deny","Hosts":["127.0.0.1"]}]}}}""");
        process.Services.GetRequiredService<Silo.Configuration.SettingsSource>().Reload();
        Assert.Contains("closed", (await client.Asks("/page").Gets(403)).Content, StringComparison.Ordinal);
        await client.Asks("/page", "Cache-Control: only-if-cached").Gets(403);

        file.Becomes("""{"Granary":{"Policy":{"Rules":[{"Action":"Nonsense"}]}}}""");
        process.Services.GetRequiredService<Silo.Configuration.SettingsSource>().Reload();
        await client.Asks("/page").Gets(403);

        file.Becomes("{}");
        process.Services.GetRequiredService<Silo.Configuration.SettingsSource>().Reload();
        await client.Asks("/page").Gets(200, "page", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.4")]
    public async Task A_request_is_redirected_and_not_stored()
    {
        await using var process = await Starts("Rules:0:Action=Redirect", "Rules:0:To=https://intra.example/why?x", "Rules:0:Status=307", "Rules:0:Urls=http://127.0.0.1:*/blocked/*");
        using var client = process.ForwardClient(_origin);
        (await client.Asks("/blocked/page").Gets(307, "")).Has("Location: https://intra.example/why?x").Has("Cache-Control: no-store").Has("Cache-Status: granary; detail=redirect");
        await client.Asks("/page").Gets(200, "page");
    }

    [Fact]
    public async Task Tunnels_of_every_way_are_under_the_same_rules()
    {
        await using var process = await Starts("Rules:0:Name=no-tunnels", "Rules:0:Action=Deny", "Rules:0:Hosts=.bad.example;127.0.0.2", "Rules:1:Name=no-net", "Rules:1:Action=Deny", "Rules:1:Addresses=127.0.0.3", "Rules:2:Name=no-socks", "Rules:2:Action=Deny", "Rules:2:Ways=Socks");
        var connected = await Says(process, "CONNECT www.BAD.example.:443 HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", connected, StringComparison.Ordinal);
        Assert.Contains("no-tunnels", connected, StringComparison.Ordinal);
        Assert.Contains("no-tunnels", await Says(process, "CONNECT 0x7f.2:443 HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains("no-net", await Says(process, "CONNECT 127.3:443 HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("\u0005\0\u0005\u0002\0\u0001\0\0\0\0\0\0", await Says(process, "\u0005\u0001\0\u0005\u0001\0\u0001\u007f\0\0\u0002\u0001\u00bb"));
        Assert.Equal("\u0005\0\u0005\u0002\0\u0001\0\0\0\0\0\0", await Says(process, "\u0005\u0001\0\u0005\u0001\0\u0001\u007f\0\0\u0001\u0001\u00bb"));
        Assert.StartsWith("\0\u005b", await Says(process, "\u0004\u0001\u0001\u00bb\0\0\0\u0001\0bad.example\0"), StringComparison.Ordinal);

        using var backend = Backend.Listens();
        using var client = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
        await client.Says($"CONNECT {backend} HTTP/1.1\r\nHost: x\r\n\r\nearly");
        using var server = await backend.Accepts();
        await client.Hears("HTTP/1.1 200 Connection established\r\n\r\n");
        await server.Hears("early");
    }

    [Fact]
    public async Task A_limit_is_one_of_the_rule_for_each_client_and_tunnels_have_it_too()
    {
        await using var process = await Starts("RateLimits:0:Name=slow", "RateLimits:0:Permits=2", "RateLimits:0:Window=10s", "RateLimits:1:Name=few", "RateLimits:1:Kind=Concurrency", "RateLimits:1:Permits=1",
            "Rules:0:Action=Allow", "Rules:0:Ways=Http", "Rules:0:Urls=http://127.0.0.1:*/limited", "Rules:0:Limit=slow", "Rules:1:Action=Allow", "Rules:1:Ways=Connect", "Rules:1:Limit=few");
        using var client = process.ForwardClient(_origin);
        for (var i = 0; i < 2; i++) await client.Asks("/limited").Gets(200, "page");
        (await client.Asks("/limited").Gets(429)).Has("Retry-After: 5");
        await client.Asks("/page").Gets(200, "page");

        using var backend = Backend.Listens();
        for (var i = 0; i < 2; i++)
        {
            using var tunnel = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
            await tunnel.Says($"CONNECT {backend} HTTP/1.1\r\nHost: x\r\n\r\n");
            await tunnel.Hears("HTTP/1.1 200 Connection established\r\n\r\n");
            using var server = await backend.Accepts();
            Assert.StartsWith("HTTP/1.1 429 ", await Says(process, $"CONNECT {backend} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
            tunnel.Ends();
            await server.HearsTheRest();
            server.Ends();
            await tunnel.HearsTheRest();
            await Closed(process);
        }
    }

    private static async Task Closed(OneProcess process)
    {
        for (var patience = Deadline.Over(); !(await Metrics(process)).Contains("granary_tunnels_open{", StringComparison.Ordinal) || System.Text.RegularExpressions.Regex.IsMatch(await Metrics(process), """granary_tunnels_open\{[^}]*way="Connect"[^}]*\} [1-9]""");)
            if (patience.IsCompleted) throw new TimeoutException(await Metrics(process));
    }

    [Fact]
    public async Task A_list_is_there_from_the_first_request_on_and_changes_without_a_failed_one()
    {
        using var logs = Logs.Begin();
        var directory = Directory.CreateTempSubdirectory("granary-test-");
        var path = Path.Combine(directory.FullName, "list");
        File.WriteAllText(path, "127.0.0.1\nads.example\n");
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8;::1", .. Rules.Switches("Lists:0:Name=ads", $"Lists:0:File={path}", "Rules:0:Name=no-ads", "Rules:0:Action=Deny", "Rules:0:Hosts=list:ads")], logs);
        using var client = process.ForwardClient(_origin);
        await client.Asks("/page").Gets(403);

        File.WriteAllLines(path, Enumerable.Range(0, 100_000).Select(static i => $"0.0.0.0 host-{i}.example"));
        var answers = new List<int>();
        var lists = process.Services.GetRequiredService<PolicyLists>();
        for (var looks = 0; looks < 2; looks++) // the second sees that it rests
        {
            await lists.Loading.Within();
            process.Clock.Passes(2.Seconds());
            var loading = lists.Loading;
            do answers.Add((await client.Asks("/page").Gets()).Status);
            while (!loading.IsCompleted);
        }

        Assert.All(answers, static status => Assert.True(status is 200 or 403));
        await client.Asks("/page").Gets(200, "page");

        File.Delete(path);
        await Passes(process, 2.Seconds());
        await logs.Tell("ListNotLoaded");
        await client.Asks("/page").Gets(200, "page");
        Assert.Contains("\"domains\":100000", await Policy(process), StringComparison.Ordinal);
        Assert.Matches("""granary_policy_list_domains\{[^}]*list="ads"[^}]*\} 100000\b""", await Metrics(process));
        Assert.Matches("""granary_policy_list_age_seconds\{[^}]*list="ads"[^}]*\} 2\b""", await Metrics(process));
        directory.Delete(recursive: true);
    }

    [Fact, Trait("Spec", "RFC 9110 §13.1.2")]
    public async Task A_list_from_a_url_is_asked_for_conditionally_and_the_last_good_one_stays()
    {
        using var logs = Logs.Begin();
        await using var lists = Origin.Starts();
        lists.Answers("/list", 500, [], "no");
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8;::1", .. Rules.Switches(
            "Lists:0:Name=some", $"Lists:0:Url={lists.Url}/list", "Lists:0:Every=10m", "Rules:0:Name=up-to-list", "Rules:0:Action=Deny", "Rules:0:Hosts=list:some")], logs);
        using var client = process.ForwardClient(_origin);
        await logs.Tell("ListNotLoaded");
        Assert.Contains("up-to-list", (await client.Asks("/page").Gets(403)).Content, StringComparison.Ordinal); // nobody knows: Deny

        lists.Answers("/list", 200, ["ETag: \"1\""], "elsewhere.example\n");
        await Passes(process, 1.Minutes());
        await client.Asks("/page").Gets(200, "page");

        lists.Answers("/list", 304, ["ETag: \"1\""]);
        await Passes(process, 10.Minutes());
        lists.WasAsked("/list", "If-None-Match: \"1\"");
        lists.Answers("/list", 200, ["Content-Type: text/html"], "<p>Sorry</p>\n");
        await Passes(process, 10.Minutes());
        Assert.Equal(2, logs.Lines.Count(static line => line.Event == "ListNotLoaded"));
        await client.Asks("/page").Gets(200, "page");

        lists.Answers("/list", 200, ["ETag: \"2\""], "127.0.0.1\n");
        await Passes(process, 1.Minutes());
        await client.Asks("/page").Gets(403);
    }

    [Fact, Trait("Promise", "P8")]
    public async Task Until_a_list_was_asked_for_the_process_is_not_ready_and_no_redirection_leads_the_asking_inside()
    {
        using var logs = Logs.Begin();
        await using var inside = Origin.Starts();
        inside.Answers("/list", 200, [], "elsewhere.example");
        await using var lists = Origin.Starts();
        var goesOn = new TaskCompletionSource();
        lists.Acts("/list", async side =>
        {
            await goesOn.Task;
            await side.Answers(302, [$"Location: {inside.Url}/list"]);
        });
        await using var process = await OneProcess.Starts(null, Rules.Switches("Lists:0:Name=some", $"Lists:0:Url={lists.Url}/list", "Rules:0:Action=Deny", "Rules:0:Hosts=list:some"), logs);
        using var admin = new Client(path => new Uri(process.Admin, path));
        Assert.Contains("policy", (await admin.Asks("/health/ready").Gets(503)).Content, StringComparison.Ordinal);
        goesOn.SetResult();
        await process.Services.GetRequiredService<PolicyLists>().Tried.Within();
        await Deadline.Until(async () => (await admin.Asks("/health/ready").Gets()).Status == 200, static () => "It is not ready.");
        await logs.Tell("ListNotLoaded");
        inside.WasNotAsked("/list");
    }

    private static async Task Passes(OneProcess process, TimeSpan time)
    {
        var lists = process.Services.GetRequiredService<PolicyLists>();
        await lists.Loading.Within();
        process.Clock.Passes(time);
        await lists.Loading.Within();
    }

    [Fact]
    public async Task The_administration_tells_what_is_in_force_and_what_would_become_of_a_request_and_why()
    {
        await using var process = await Starts("Rules:0:Name=staff", "Rules:0:Action=Allow", "Rules:0:Groups=staff", "Rules:1:Name=shops", "Rules:1:Action=Deny", "Rules:1:Hosts=.shop.example", "Rules:1:Times=Mon-Fri 08:00-18:00",
            "Rules:2:Name=net", "Rules:2:Action=Deny", "Rules:2:Addresses=203.0.113.0/24");
        Assert.Equal("""{"default":"allow","rules":[{"rule":"staff","action":"allow","criteria":["Groups"]},{"rule":"shops","action":"deny","criteria":["Times","Hosts"]},{"rule":"net","action":"deny","criteria":["Addresses"]}],"lists":[]}""", await Policy(process));
        Assert.Equal("""{"verdict":"deny","rule":"shops","passedOver":[{"rule":"staff","criterion":"Groups"}]}""", await Test(process, """{"from":"10.0.0.1","url":"http://www.shop.example/","user":"bob","groups":["guests"]}"""));
        Assert.Equal("""{"verdict":"allow","rule":"staff","passedOver":[]}""", await Test(process, """{"url":"www.shop.example:443","way":"connect","user":"bob","groups":["staff"]}"""));
        Assert.Equal("""{"verdict":"deny","rule":"net","addresses":["203.0.113.7"],"passedOver":[{"rule":"staff","criterion":"Groups"},{"rule":"shops","criterion":"Times"}]}""",
            await Test(process, """{"url":"http://www.shop.example/","at":"2026-01-04T12:00:00Z","addresses":["203.0.113.7"]}"""));
        Assert.Equal("""{"verdict":"allow","rule":"default","addresses":["127.0.0.1"],"passedOver":[{"rule":"staff","criterion":"Groups"},{"rule":"shops","criterion":"Hosts"},{"rule":"net","criterion":"Addresses"}]}""",
            await Test(process, """{"url":"https://127.0.0.1:8443/","way":"socks"}"""));
        foreach (var wrong in new[] { "", "[]", "{}", """{"url":"x"}""", """{"url":"http://x/","way":"5"}""", """{"url":"http://x/","from":"nobody"}""", """{"url":"http://x/","what":1}""", """{"url":7}""", $$"""{"url":"http://x/{{new string('x', 20_000)}}"}""" })
            Assert.Contains("Write {", await Test(process, wrong, 400), StringComparison.Ordinal);
        Assert.DoesNotContain("granary_policy_verdicts", await Metrics(process), StringComparison.Ordinal);
    }

    private static async Task<string> Policy(OneProcess process)
    {
        using var admin = new Client(path => new Uri(process.Admin, path));
        return (await admin.Asks("/policy").Gets(200)).Content;
    }

    private static async Task<string> Test(OneProcess process, string question, int status = 200)
    {
        using var admin = new Client(path => new Uri(process.Admin, path));
        return (await admin.Sends("POST", "/policy/test", [], question).Gets(status)).Content;
    }

    private static async Task<string> Says(OneProcess process, string text)
    {
        using var client = await Wire.To(new IPEndPoint(IPAddress.Loopback, process.Url.Port));
        await client.Says(text);
        client.Ends();
        return Encoding.Latin1.GetString(await client.HearsTheRest());
    }
}
