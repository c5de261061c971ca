using Granary.Edge.Tests.Tunnels;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>CONNECT over HTTP/1.1 where users have to be known.</summary>
[Trait("Spec", "RFC 9110 §11.7"), Trait("Kind", "required")]
public sealed class ConnectUserTests(ConnectUserTests.Scene scene) : IClassFixture<ConnectUserTests.Scene>
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    public sealed class Scene : IAsyncLifetime, IDisposable
    {
        internal KnownUsers Users { get; } = new();

        internal TunnelProxy Proxy { get; private set; } = null!;

        public async Task InitializeAsync() => Proxy = await Users.Tunnels("--Granary:Client:IdleTimeout", "17m");

        public async Task DisposeAsync() => await Proxy.DisposeAsync();

        public void Dispose() => Users.Dispose();
    }

    private TunnelProxy Proxy => scene.Proxy;

    private string Connect(params string[] fields) => $"CONNECT {Proxy.Backend} HTTP/1.1\r\nHost: {Proxy.Backend}\r\n{string.Concat(fields.Select(static field => field + "\r\n"))}\r\n";

    [Fact]
    public async Task A_client_that_is_asked_who_it_is_says_so_on_the_same_connection_and_has_its_tunnel()
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect());
        var (head, content) = await client.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 407 Proxy Authentication Required\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nProxy-Authenticate: Basic realm=\"proxy\", charset=\"UTF-8\"\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: keep-alive\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("stage: access\nerror: proxy_authentication_required\n", content, StringComparison.Ordinal);
        await client.Sends(Connect(KnownUsers.Says("alice", "secret")) + "early");
        using var server = await Proxy.Backend.Accepts();
        Assert.Equal(Established, await client.ReadsHead());
        await server.Hears("early");
        await server.Says("answer");
        Assert.Equal("answer", await client.Reads(6));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_answered_alike_and_may_be_tried_again()
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        var answers = new List<string>();
        foreach (var said in (string[])[KnownUsers.Says("alice", "wrong"), KnownUsers.Says("mallory", "secret"), "Proxy-Authorization: Basic !", "Proxy-Authorization: Negotiate abc"])
        {
            await client.Sends(Connect(said));
            var (head, content) = await client.ReadsResponse();
            answers.Add(head + content);
        }

        Assert.Single(answers.Distinct());
        await client.Sends(Connect(KnownUsers.Says("alice", "secret")));
        using var server = await Proxy.Backend.Accepts();
        Assert.Equal(Established, await client.ReadsHead());
    }

    [Fact]
    public async Task After_407_another_request_may_come_on_the_connection()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect());
        await client.ReadsResponse();
        await client.Sends($"GET {origin.Url}/page HTTP/1.1\r\nHost: {origin.Authority}\r\n{KnownUsers.Says("alice", "secret")}\r\n\r\n");
        var (head, content) = await client.ReadsResponse();
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("page", content);
        origin.WasAskedWithout("/page", "Proxy-Authorization");
    }

    [Fact, Trait("Fault", "45")]
    public async Task What_has_come_behind_the_head_of_an_unknown_client_is_no_request()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/hidden", 200, [], "hidden");
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect() + $"GET {origin.Url}/hidden HTTP/1.1\r\nHost: {origin.Authority}\r\n{KnownUsers.Says("alice", "secret")}\r\n\r\n");
        var answer = await client.ReadsToEnd();
        Assert.StartsWith("HTTP/1.1 407 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", answer, StringComparison.Ordinal);
        Assert.Empty(origin.Requests("/hidden"));
    }

    [Theory]
    [InlineData("HTTP/1.1", "Connection: close")]
    [InlineData("HTTP/1.1", "Proxy-Connection: Close")]
    [InlineData("HTTP/1.0", "Connection: keep-alive")]
    public async Task A_client_that_takes_the_answer_for_the_end_gets_the_end(string version, string field)
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends($"CONNECT {Proxy.Backend} {version}\r\nHost: x\r\n{field}\r\n\r\n");
        var answer = await client.ReadsToEnd();
        Assert.StartsWith("HTTP/1.1 407 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_guesses_for_ever_on_one_connection()
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        for (var i = 1; i < 6; i++)
        {
            await client.Sends(Connect());
            Assert.Contains("keep-alive", (await client.ReadsResponse()).Head, StringComparison.Ordinal);
        }

        await client.Sends(Connect());
        Assert.Contains("\r\nConnection: close\r\n", await client.ReadsToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0005\u0001\0")]
    [InlineData("\u0004\u0001\0\u0050\u007f\0\0\u0001user\0")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    public async Task What_is_no_request_after_407_is_refused_and_the_connection_closed(string next)
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect());
        await client.ReadsResponse();
        await client.Sends(next);
        client.EndsSending();
        var answer = await client.ReadsToEnd();
        // To the preface of HTTP/2 the server answers as it likes to, in HTTP/1.1 or with GOAWAY.
        Assert.True(answer.Length == 0 || next.StartsWith("PRI", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_says_nothing_more_is_left()
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect());
        await client.ReadsResponse();
        var ended = client.ReadsToEnd();
        await Proxy.Process.Clock.PassesUntil(ended, TimeSpan.FromMinutes(17));
        Assert.Empty(await ended);
    }

    [Fact]
    public async Task Two_fields_are_none()
    {
        using var client = await RawClient.Connects(Proxy.Process.Url);
        await client.Sends(Connect(KnownUsers.Says("alice", "secret"), KnownUsers.Says("alice", "secret")));
        Assert.StartsWith("HTTP/1.1 407 ", await client.ReadsHead(), StringComparison.Ordinal);
    }
}
