using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>Requests of the forward proxy, and those that are none of it.</summary>
[Trait("Spec", "RFC 9110 §11.7"), Trait("Kind", "required")]
public sealed class RequestUserTests : IAsyncLifetime, IDisposable
{
    private readonly KnownUsers _users = new();
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public void Dispose() => _users.Dispose();

    [Fact]
    public async Task Who_it_is_is_asked_before_anything_is_looked_up_and_told_to_nobody()
    {
        _origin.Answers("/stored", 200, ["Cache-Control: max-age=60", "Vary: Proxy-Authorization"], "stored");
        await using var process = await Starts();
        using var client = process.ForwardClient(_origin);
        await client.Asks("/stored", KnownUsers.Says("alice", "secret")).Gets(200, "stored", Outcome.UriMiss);
        var refused = await client.Asks("/stored").Gets(407);
        Assert.Equal("Basic realm=\"proxy\", charset=\"UTF-8\"", refused.Field("Proxy-Authenticate"));
        Assert.Equal("no-store", refused.Field("Cache-Control"));
        Assert.EndsWith("error: proxy_authentication_required\n", refused.Content, StringComparison.Ordinal);
        await client.Asks("/stored", KnownUsers.Says("alice", "wrong")).Gets(407);
        await client.Asks("/stored", "Proxy-Authorization: Bearer abc").Gets(407);
        await client.Asks("/stored", KnownUsers.Says("alice", "secret")).Gets(200, "stored", Outcome.Hit);
        _users.Write($"{KnownUsers.Bob}\n");
        process.Clock.Passes(5.Seconds());
        await client.Asks("/stored", KnownUsers.Says("bob", "hidden")).Gets(200, "stored", Outcome.Hit); // what one user was told by the origin is the same for another
        await client.Asks("/stored", KnownUsers.Says("alice", "secret")).Gets(407);
        Assert.Single(_origin.Requests("/stored"));
        _origin.WasAskedWithout("/stored", "Proxy-Authorization");
    }

    [Fact]
    public async Task The_connection_of_a_refused_request_goes_on_whatever_became_of_its_content()
    {
        _origin.Answers("/form", 200, ["Cache-Control: no-store"], "taken");
        await using var process = await Starts();
        using var client = await RawClient.Connects(process.Url);
        var post = $"POST {_origin.Url}/form HTTP/1.1\r\nHost: {_origin.Authority}\r\n";
        foreach (var rest in (string[])["Content-Length: 10\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"])
        {
            await client.Sends(post + rest);
            Assert.StartsWith("HTTP/1.1 407 ", (await client.ReadsResponse()).Head, StringComparison.Ordinal);
        }

        await client.Sends($"{post}{KnownUsers.Says("alice", "secret")}\r\nContent-Length: 2\r\n\r\nok");
        var (head, content) = await client.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("taken", content);
        Assert.Single(_origin.Requests("/form"));
    }

    [Fact]
    public async Task TRACE_and_error_pages_show_nobody_what_was_said()
    {
        await using var process = await Starts();
        var said = KnownUsers.Says("alice", "secret");
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"TRACE {_origin.Url}/ HTTP/1.1\r\nHost: {_origin.Authority}\r\nMax-Forwards: 0\r\n{said}\r\n\r\n");
        Assert.DoesNotContain(said[^8..], (await client.ReadsResponse()).Content, StringComparison.Ordinal);
        await client.Sends($"GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\n{said}\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain(said[^8..], await client.ReadsToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_of_the_reverse_proxy_and_PURGE_ask_nobody()
    {
        _origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        await using var process = await Starts("--ReverseProxy:Routes:r:ClusterId", "c", "--ReverseProxy:Routes:r:Match:Hosts:0", "www.example.com", "--ReverseProxy:Clusters:c:Destinations:d:Address", _origin.Url);
        using var client = await RawClient.Connects(process.Url);
        foreach (var target in (string[])["/page", "http://www.example.com/page"])
        {
            await client.Sends($"GET {target} HTTP/1.1\r\nHost: www.example.com\r\n{KnownUsers.Says("alice", "wrong")}\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", (await client.ReadsResponse()).Head, StringComparison.Ordinal);
        }

        await client.Sends($"PURGE {_origin.Url}/page HTTP/1.1\r\nHost: {_origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadsHead(), StringComparison.Ordinal);
        _origin.WasAskedWithout("/page", "Proxy-Authorization");
    }

    [Fact, Trait("Promise", "P8")]
    public async Task Whoever_may_not_use_the_proxy_at_all_is_asked_nothing()
    {
        await using var process = await Starts("--Granary:Access:AllowClients", "192.0.2.0/24");
        using var client = await RawClient.Connects(process.Url);
        await client.Sends($"GET {_origin.Url}/page HTTP/1.1\r\nHost: {_origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 ", await client.ReadsHead(), StringComparison.Ordinal);
        using var tunnel = await RawClient.Connects(process.Url);
        await tunnel.Sends($"CONNECT {_origin.Authority} HTTP/1.1\r\nHost: {_origin.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 ", await tunnel.ReadsHead(), StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "57")]
    public async Task A_broken_file_changes_nothing_and_is_told_once_and_an_emptied_one_waits()
    {
        _origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        var logs = Logs.Begin();
        await using var process = await OneProcess.Starts(null, [.. _users.Required, "--allow-destination", "127.0.0.0/8", "--Granary:Users:Remember", "0"], logs);
        using var client = process.ForwardClient(_origin);
        foreach (var content in (string[])["alice:secret\n", ""])
        {
            _users.Write(content);
            process.Clock.Passes(5.Seconds());
            await client.Asks("/page", KnownUsers.Says("alice", "secret")).Gets(200);
        }

        Assert.Equal(1, logs.Lines.Count(static line => line.Event == "UsersKept"));
        process.Clock.Passes(5.Seconds());
        await client.Asks("/page", KnownUsers.Says("alice", "secret")).Gets(407);
        Assert.DoesNotContain(logs.Lines, static line => line.Text.Contains("secret", StringComparison.Ordinal) || line.Text.Contains("YWxpY2U6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CONNECT_over_HTTP_2_is_asked_too()
    {
        await using var process = await Starts("--Granary:Tunnels:Ports", "1-65535");
        using var backend = Backend.Listens();
        using var client = await Http2Wire.Connects(process.Url);
        await client.Asks(1, (":method", "CONNECT"), (":authority", $"{backend}"));
        Assert.Contains("407", await client.HearsHead(1), StringComparison.Ordinal);
        var said = KnownUsers.Says("alice", "secret").Split(": ");
        await client.Asks(3, (":method", "CONNECT"), (":authority", $"{backend}"), ("proxy-authorization", said[1]));
        Assert.Equal("\u0088", (await client.HearsHead(3))[..1]);
        using var server = await backend.Accepts();
    }

    private Task<OneProcess> Starts(params string[] more) => OneProcess.Starts(null, [.. _users.Required, "--allow-destination", "127.0.0.0/8", .. more]);
}
