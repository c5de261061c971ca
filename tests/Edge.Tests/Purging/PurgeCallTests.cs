using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Purging;

/// <summary>What <c>POST /purge</c> understands, what it says to the rest, and what it writes down.</summary>
public sealed class PurgeCallTests : PurgeScene
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "", "not valid JSON" },
        { "url=http://a.example/", "not valid JSON" },
        { "{\"all\": true} x", "not valid JSON" },
        { "[\"http://a.example/\"]", "no JSON object" },
        { "null", "no JSON object" },
        { "{}", "Nothing says what to purge" },
        { "{\"soft\": true}", "Nothing says what to purge" },
        { "{\"uri\": \"http://a.example/\"}", "none of url, urls" },
        { "{\"URL\": \"http://a.example/\"}", "none of url, urls" },
        { "{\"url\": \"http://a.example/\", \"tag\": \"x\"}", "two scopes" },
        { "{\"url\": \"http://a.example/\", \"urls\": []}", "two scopes" },
        { "{\"all\": true, \"all\": true}", "not valid JSON" },
        { "{\"all\": false}", "\\\"all\\\" is true" },
        { "{\"all\": \"true\"}", "\\\"all\\\" is true" },
        { "{\"all\": true, \"soft\": \"yes\"}", "\\\"soft\\\" is true or false" },
        { "{\"all\": true, \"soft\": null}", "\\\"soft\\\" is true or false" },
        { "{\"url\": 1}", "\\\"url\\\" is a string" },
        { "{\"url\": []}", "\\\"url\\\" is a string" },
        { "{\"url\": \"\"}", "not an absolute" },
        { "{\"url\": \"/page\"}", "not an absolute" },
        { "{\"url\": \"*\"}", "not an absolute" },
        { "{\"url\": \"//a.example/page\"}", "not an absolute" },
        { "{\"url\": \"ftp://a.example/\"}", "not an absolute" },
        { "{\"url\": \"http://\"}", "not an absolute" },
        { "{\"url\": \"http://a.example/#x\"}", "not an absolute" },
        { "{\"url\": \"http://user@a.example/\"}", "not an absolute" },
        { "{\"url\": \"http://a.example/a b\"}", "not an absolute" },
        { "{\"url\": \"http://a.example/\\u0000\"}", "not an absolute" },
        { "{\"url\": \"http://a.example/\\ud800\"}", "" },
        { "{\"url\": \"http://a.example/é\"}", "not an absolute" },
        { "{\"urls\": \"http://a.example/\"}", "\\\"urls\\\" is a list" },
        { "{\"urls\": []}", "1 to 1000 values" },
        { "{\"urls\": [\"http://a.example/\", \"x\"]}", "Value 2 of" },
        { "{\"urls\": [\"http://a.example/\", null]}", "Value 2 of" },
        { "{\"tag\": \"\"}", "not a tag" },
        { "{\"tag\": \"a b\"}", "not a tag" },
        { "{\"tag\": \"a,b\"}", "not a tag" },
        { "{\"tag\": \"a\\nb\"}", "not a tag" },
        { "{\"tags\": []}", "1 to 1000 values" },
        { "{\"prefix\": \"a.example/\"}", "\\\"prefix\\\" is the beginning" },
        { "{\"prefix\": \"http\"}", "\\\"prefix\\\" is the beginning" },
        { "{\"prefix\": \"http://a.example/?x\"}", "\\\"prefix\\\" is the beginning" },
        { "{\"prefix\": \"http://a.example/%\"}", "\\\"prefix\\\" is the beginning" },
        { "{\"prefix\": \"http://a.example/%4\"}", "\\\"prefix\\\" is the beginning" },
        { "{\"prefix\": [\"http://a.example/\"]}", "is a string of 1 to" },
        { "{\"prefix\": \"\"}", "is a string of 1 to" },
        { "{\"host\": \"http://a.example\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"a.example:80\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"a.example:8080\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"a.example/\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"*.example\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"::1\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \"[::1\"}", "\\\"host\\\" is a host name" },
        { "{\"host\": \":\"}", "\\\"host\\\" is a host name" },
        { "{\"all\": {\"a\": {\"a\": {\"a\": {\"a\": 1}}}}}", "not valid JSON" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public async Task What_is_not_understood_is_refused_with_what_to_write_instead_and_purges_nothing(string call, string says)
    {
        Origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await Client.Asks("/page").Gets(200, "page", Outcome.Stored);
        var (status, answer, message) = await Purges(call);
        Assert.Equal(400, status);
        Assert.Equal("application/problem+json", message.Content.Headers.ContentType?.MediaType);
        Assert.Contains(says.Replace("\\\"", "\"", StringComparison.Ordinal), answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Client.Asks("/page").Gets(200, "page", Outcome.Hit);
    }

    [Theory]
    [InlineData("{\"host\": \"[::1]\"}")]
    [InlineData("{\"host\": \"A.Example\"}")]
    [InlineData("{\"prefix\": \"HTTP://A.example:80\"}")]
    [InlineData("{\"prefix\": \"http://a.example/%7\\u0065\"}")]
    [InlineData("{\"soft\": false, \"tag\": \"!~\"}")]
    [InlineData("\r\n {\"all\": true} \r\n")]
    public async Task What_is_unusual_and_right_is_understood(string call) => Assert.Equal(200, (await Purges(call)).Status);

    [Theory]
    [InlineData("{\"url\": \"{0}\"}", "HTTP://LOCALHOST:{1}/%7epage?a=%2f")]
    [InlineData("{\"url\": \"{0}\"}", "http://localhost:{1}/~page?a=%2F")]
    public async Task A_URL_is_brought_into_the_form_of_the_cache_key(string call, string url)
    {
        Origin.Answers("/~page?a=%2F", 200, ["Cache-Control: max-age=60"], "page");
        var port = Process.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Client.Asks("/~page?a=%2F", $"Host: localhost:{port}").Gets(200, "page", Outcome.Stored);
        var answer = await HasPurged(call.Replace("{0}", url.Replace("{1}", port, StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(1, answer.GetProperty("purged").GetInt32());
    }

    [Fact, Trait("Promise", "P7")]
    public async Task A_call_is_bounded_whether_its_length_is_said_or_not()
    {
        var large = $"{{\"url\": \"http://a.example/{new string('x', 1 << 20)}\"}}";
        Assert.Equal(413, (await Purges(large)).Status);
        Assert.Contains(" 413 ", await Raw($"POST /purge HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{large.Length:x}\r\n{large}\r\n0\r\n\r\n"), StringComparison.Ordinal);
        const string small = "{\"all\": true}";
        Assert.Contains(" 200 ", await Raw($"POST /purge HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n{small[..4]}\r\n{small.Length - 4:x}\r\n{small[4..]}\r\n0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_leaves_one_line_with_who_what_and_how_much_in_bounds()
    {
        await HasPurged(new { url = $"http://a.example/{new string('x', 5000)}", soft = true });
        var line = await Logs.Tell("Purged");
        Assert.Matches("^Purge from 127.0.0.1: url http://a.example/x{183}…, soft True: done, 0 stored responses, [0-9.,E-]+ ms$", line.Text);
        await Purges("{\"url\": \"\\nPurge from 1.2.3.4: all\"}");
        var refused = await Logs.Tell("PurgeRefused");
        Assert.Equal("Purge from 127.0.0.1: refused with 400", refused.Text);
        await HasPurged(new { tags = new[] { "a", "b", "c" } });
        Assert.Contains("tags a and 2 more", Logs.Lines.Last(static one => one.Event == "Purged").Text, StringComparison.Ordinal);
    }

    private async Task<string> Raw(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", Process.Admin.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = new byte[4096];
        return Encoding.Latin1.GetString(answer, 0, await stream.ReadAsync(answer).AsTask().Within());
    }
}

/// <summary>With a token, and few purges a second.</summary>
public sealed class PurgeLimitTests : PurgeScene
{
    protected override string[] Switches => ["--Granary:Admin:Token", "s3cret", "--Granary:Admin:PurgesPerSecond", "2"];

    [Fact, Trait("Promise", "P8")]
    public async Task Without_the_token_nothing_is_purged()
    {
        Origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "page");
        await Client.Asks("/page").Gets(200, "page", Outcome.Stored);
        Assert.Equal(401, (await Purges(new { all = true })).Status);
        Assert.Equal(401, (await Purges(new { all = true }, "Authorization: Bearer wrong")).Status);
        await Client.Asks("/page").Gets(200, "page", Outcome.Hit);
        Assert.Equal(200, (await Purges(new { all = true }, "Authorization: Bearer s3cret")).Status);
        await Client.Asks("/page").Gets(200, "page", Outcome.Stored);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task More_calls_than_are_allowed_wait_in_turn_and_then_are_refused_until_time_has_passed()
    {
        var calls = Enumerable.Range(0, 12).Select(_ => Purges(new { all = true }, "Authorization: Bearer s3cret")).ToList();
        foreach (var refused in await FirstOf(calls, 5))
        {
            var (status, _, message) = await refused;
            Assert.Equal((429, "1"), (status, Assert.Single(message.Headers.GetValues("Retry-After"))));
        }

        Process.Clock.Passes(3.Seconds()); // by now all others have their place
        var all = await Task.WhenAll(calls).Within();
        Assert.Equal(7, all.Count(static call => call.Status == 200));
        Assert.Equal(200, (await Purges(new { all = true }, "Authorization: Bearer s3cret")).Status);
    }

    private static async Task<List<Task<(int Status, JsonElement Answer, HttpResponseMessage Message)>>> FirstOf(List<Task<(int Status, JsonElement Answer, HttpResponseMessage Message)>> calls, int refused)
    {
        var left = calls.ToList();
        var found = new List<Task<(int Status, JsonElement Answer, HttpResponseMessage Message)>>();
        while (found.Count < refused)
        {
            var one = await Task.WhenAny(left).Within();
            left.Remove(one);
            if ((await one).Status == 429) found.Add(one);
        }

        return found;
    }
}
