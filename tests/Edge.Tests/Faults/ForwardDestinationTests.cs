using Granary.Language;

namespace Granary.Edge.Tests.Faults;

/// <summary>Where a forward proxy does not go.</summary>
public sealed class ForwardDestinationTests : IAsyncLifetime
{
    private readonly Origin _origin = Origin.Starts();
    private OneProcess _process = null!;

    public async Task InitializeAsync() => _process = await OneProcess.Starts(null);

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory, Trait("Fault", "51"), Trait("Promise", "P8")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0.0.0.0")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    public async Task A_denied_address_is_refused_however_it_is_written(string host)
    {
        var port = _origin.Authority.Split(':')[1];
        foreach (var (method, length) in new[] { ("GET", ""), ("POST", "Content-Length: 0\r\n") })
        {
            using var client = await RawClient.Connects(_process.Url);
            await client.Sends($"{method} http://{host}:{port}/inner HTTP/1.1\r\nHost: {host}:{port}\r\n{length}\r\n");
            var (head, content) = await client.ReadsResponse();
            Assert.Matches("^HTTP/1.1 (403|400) ", head);
            if (head.StartsWith("HTTP/1.1 403", StringComparison.Ordinal)) Assert.EndsWith("\nstage: access\nerror: destination_ip_prohibited\n", content, StringComparison.Ordinal);
            Assert.DoesNotContain("127.", head + content, StringComparison.Ordinal);
        }

        _origin.WasNotAsked("/inner");
    }

    [Fact, Trait("Fault", "51")]
    public async Task Unresolvable_and_refusing_destinations_have_their_own_words()
    {
        using var client = new Client(path => new Uri("http://nobody.invalid" + path), proxy: new System.Net.WebProxy(_process.Url));
        await client.Asks("/").Fails(502, "resolve", "dns_error");
    }

    [Theory, InlineData("GET"), InlineData("POST"), Trait("Fault", "50"), Trait("Spec", "RFC 9110 §7.6.3"), Trait("Kind", "required")]
    public async Task A_request_to_the_proxy_itself_ends_at_the_first_turn(string method)
    {
        await using var process = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = new Client(path => new Uri(process.Url, path), proxy: new System.Net.WebProxy(process.Url));
        var got = await client.Sends(method, "/loop", []).Gets(508);
        Assert.Contains("proxy_loop_detected", got.Content, StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "50")]
    public async Task Two_proxies_in_a_ring_end_it()
    {
        await using var first = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Pseudonym", "first"]);
        await using var second = await OneProcess.Starts(null, ["--origin", first.Url.ToString(), "--Granary:Pseudonym", "second"]);
        using var client = new Client(path => new Uri(second.Url, path), proxy: new System.Net.WebProxy(first.Url));
        await client.Asks("/loop").Gets(508); // first → second → first
    }
}
