using System.Text.Json;
using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tests.Tunnels;
using Granary.Edge.Tests.Users;
using Granary.Language;

namespace Granary.Edge.Tests.AccessLog;

/// <summary>What a whole edge writes.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly KnownUsers _users = new();

    private string Here => Path.Combine(Path.GetDirectoryName(_users.File)!, "access.log");

    public void Dispose() => _users.Dispose();

    [Fact]
    public async Task Requests_have_a_line_each_with_who_what_and_whence()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/page", 200, ["Cache-Control: max-age=60", "Content-Type: text/plain"], "four");
        await using (var process = await OneProcess.Starts(null, [.. _users.Required, "--allow-destination", "127.0.0.0/8", "--Granary:AccessLog:Path", Here, "--Granary:AccessLog:Query", "false"]))
        {
            using var client = process.ForwardClient(origin);
            var said = KnownUsers.Says("alice", "secret");
            await client.Asks("/page?q=1").Gets(407);
            origin.Answers("/page?q=1", 200, ["Cache-Control: max-age=60", "Content-Type: text/plain"], "four");
            await client.Asks("/page?q=1", said).Gets(200, "four");
            await client.Asks("/page?q=1", said, "User-Agent: a\"b").Gets(200, "four");
            await client.Asks("/none", said).Gets(404);
        }

        var lines = Lines();
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Equal(("127.0.0.1", "GET", "HTTP/1.1"), (Text(line, "client"), Text(line, "method"), Text(line, "protocol"))));
        Assert.Equal((407, "proxy_authentication_required", null, null), (Number(lines[0], "status"), Text(lines[0], "error"), Text(lines[0], "user"), Text(lines[0], "from")));
        Assert.Equal((200, "alice", "uri-miss", origin.Authority, $"{origin.Url}/page", 4), (Number(lines[1], "status"), Text(lines[1], "user"), Text(lines[1], "cache"), Text(lines[1], "from"), Text(lines[1], "url"), Number(lines[1], "bytes")));
        Assert.Equal(("hit", "a\"b", 4), (Text(lines[2], "cache"), Text(lines[2], "agent"), Number(lines[2], "bytes")));
        Assert.DoesNotContain("secret", File.ReadAllText(Here), StringComparison.Ordinal);
        Assert.DoesNotContain("Proxy-Authorization", File.ReadAllText(Here), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Tunnels_have_a_line_at_their_end_and_one_at_their_beginning_where_that_is_asked_for()
    {
        await using (var proxy = await _users.Tunnels("--Granary:AccessLog:Path", Here, "--Granary:AccessLog:Opens", "true"))
        {
            using (var client = await proxy.Connects())
            {
                await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n{KnownUsers.Says("alice", "secret")}\r\n\r\nearly");
                using var server = await proxy.Backend.Accepts();
                await server.Hears("early");
                await server.Says("ok");
                server.Ends();
                client.Ends();
                await client.HearsTheRest();
            }

            await proxy.Gets($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n{KnownUsers.Says("alice", "wrong")}\r\n\r\n");
            await proxy.Gets("CONNECT user:pass@x:1 HTTP/1.1\r\nHost: x\r\n\r\n");
            using (var client = await proxy.Connects())
            {
                await client.Says($"\u0005\u0001\u0002\u0001\u0005alice\u0006secret\u0005\u0001\0\u0001\u007f\0\0\u0001{(char)(proxy.Backend.Address.Port >> 8)}{(char)(proxy.Backend.Address.Port & 255)}");
                var server = await proxy.Backend.Accepts();
                await client.Takes(14);
                server.Resets();
                await client.HearsAReset();
            }
        }

        var lines = Lines();
        Assert.Equal([200, 200, 407, 400, 200, 200], lines.Select(static line => Number(line, "status")));
        Assert.Equal(["open", null, null, null, "open", null], lines.Select(static line => Text(line, "event")));
        Assert.Equal(("alice", "Connect", "Closed", 5, 2), (Text(lines[1], "user"), Text(lines[1], "way"), Text(lines[1], "end"), Number(lines[1], "bytes_in"), Number(lines[1], "bytes")));
        Assert.Equal("***@x:1", Text(lines[3], "url"));
        Assert.Equal(("alice", "Socks5", "ResetByDestination"), (Text(lines[5], "user"), Text(lines[5], "way"), Text(lines[5], "end")));
    }

    [Fact]
    public async Task HTTP_2_and_its_tunnels_are_written_once()
    {
        await using (var proxy = await _users.Tunnels("--Granary:AccessLog:Path", Here, "--Granary:AccessLog:Format", "Squid"))
        {
            using var client = await Http2Wire.Connects(proxy.Process.Url);
            await client.Asks(1, (":method", "CONNECT"), (":authority", $"{proxy.Backend}"), ("proxy-authorization", KnownUsers.Says("alice", "secret").Split(": ")[1]));
            var server = await proxy.Backend.Accepts();
            await client.HearsHead(1);
            server.Resets();
        }

        Assert.Matches($"^[0-9.]+ +[0-9]+ 127.0.0.1 TCP_TUNNEL(_ABORTED)?/200 0 CONNECT 127.0.0.1:[0-9]+ alice HIER_DIRECT/127.0.0.1:[0-9]+ -\n$", File.ReadAllText(Here));
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_a_mistake_at_the_start_and_opens_need_JSON()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => OneProcess.Starts(null, ["--Granary:AccessLog:Path", "/nowhere/at/all"]));
        await Assert.ThrowsAsync<ArgumentException>(() => OneProcess.Starts(null, ["--Granary:AccessLog:Opens", "true", "--Granary:AccessLog:Format", "Squid"]));
    }

    private JsonElement[] Lines() => [.. File.ReadAllLines(Here).Select(static line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement line, string name) => line.GetProperty(name).GetInt64();
}
