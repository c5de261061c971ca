using Granary.Edge.Access;
using Granary.Language;
using Microsoft.AspNetCore.Http;

namespace Granary.Edge.Tests.Hiding;

public sealed class TrustedProxyTests : IAsyncLifetime
{
    private static readonly string[] Trusting = ["--Granary:Access:TrustedProxies", "127.0.0.0/8;10.0.0.0/8"];

    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/x", 200, ["Cache-Control: no-store"], "ok");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7", "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7, 10.0.0.1, 127.0.0.2", "203.0.113.7")]
    [InlineData("10.0.0.9, 10.0.0.1", "10.0.0.9")]
    [InlineData("203.0.113.7:5000", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("[2001:db8::7]:5000", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("", "127.0.0.1")]
    [InlineData(",, ,", "127.0.0.1")]
    public async Task Given_a_trusted_proxy_then_the_rightmost_that_is_not_trusted_is_the_client(string told, string client)
    {
        await using var granary = await OneProcess.Starts(_origin, Trusting);
        using var asking = granary.Client();
        await asking.Asks("/x", $"X-Forwarded-For: {told}", "Forwarded: for=6.6.6.6").Gets(200);
        _origin.WasAsked("/x", $"X-Forwarded-For: {client}", "X-Forwarded-Proto: http", $"X-Forwarded-Host: {granary.Url.Authority}");
        _origin.WasAskedWithout("/x", "Forwarded");
    }

    [Theory, Trait("Promise", "P8")]
    [InlineData("unknown"), InlineData("_hidden"), InlineData("203.0.113"), InlineData("0x7f.0.0.1"), InlineData("127.1"), InlineData("0177.0.0.1"), InlineData("127.0.0.1:x"), InlineData("fe80::1%1"), InlineData("[::1"), InlineData("\"127.0.0.1")]
    public async Task A_hop_that_cannot_be_read_is_nobody_and_no_rule_lets_it_in(string told)
    {
        await using var granary = await OneProcess.Starts(_origin, Trusting);
        using var asking = granary.Client();
        await asking.Asks("/x", $"X-Forwarded-For: 127.0.0.1, {told}").Gets(200);
        _origin.WasAskedWithout("/x", "X-Forwarded-For");
        await asking.Sends("PURGE", "/x", [$"X-Forwarded-For: 127.0.0.1, {told}"]).Gets(403);
    }

    [Fact, Trait("Promise", "P8")]
    public async Task Rules_judge_the_client_and_not_the_proxy_and_strangers_are_not_believed()
    {
        await using var trusting = await OneProcess.Starts(_origin, Trusting);
        using var behind = trusting.Client();
        await behind.Sends("PURGE", "/x", ["X-Forwarded-For: 203.0.113.7"]).Gets(403);
        await behind.Sends("PURGE", "/x", []).Gets(200);
        await using var strict = await OneProcess.Starts(_origin, ["--Granary:Access:TrustedProxies", "10.0.0.0/8", "--Granary:Access:PurgeFrom", "203.0.113.7"]);
        using var stranger = strict.Client();
        await stranger.Sends("PURGE", "/x", ["X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7"]).Gets(403);
        await stranger.Asks("/x", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https").Gets(200);
        _origin.WasAsked("/x", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http");
    }

    [Fact]
    public async Task The_scheme_that_a_trusted_proxy_was_asked_by_is_part_of_the_key_and_of_what_clients_are_told()
    {
        _origin.Acts("/scheme", side => side.Answers(200, ["Cache-Control: max-age=60", $"Location: {_origin.Url}/y"], side.Request.Fields.First("X-Forwarded-Proto")!));
        await using var granary = await OneProcess.Starts(_origin, Trusting);
        using var client = granary.Client();
        string[] secure = ["X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: HTTPS"];
        (await client.Asks("/scheme", secure).Gets(200, "https", Outcome.Stored)).Has($"Location: https://{granary.Url.Authority}/y");
        await client.Asks("/scheme", secure).Gets(200, "https", Outcome.Hit);
        await client.Asks("/scheme").Gets(200, "http", Outcome.Stored);
        await client.Asks("/scheme", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: gopher").Gets(200, "http", Outcome.Hit);
        await client.Asks("/scheme", "X-Forwarded-For: 203.0.113.7, 10.0.0.1", "X-Forwarded-Proto: http, https, http").Gets(200, "https", Outcome.Hit);
    }

    [Fact, Trait("Spec", "RFC 7239 §4"), Trait("Kind", "check")]
    public async Task Forwarded_is_believed_where_that_is_what_trusted_proxies_write()
    {
        await using var granary = await OneProcess.Starts(_origin, [.. Trusting, "--Granary:Access:TrustedField", "Forwarded"]);
        using var client = granary.Client();
        await client.Asks("/x", "Forwarded: for=6.6.6.6, For=\"[2001:db8::7]:4711\";proto=https;by=_x, for=10.0.0.1", "X-Forwarded-For: 6.6.6.6").Gets(200);
        _origin.WasAsked("/x", "X-Forwarded-For: 2001:db8::7", "X-Forwarded-Proto: https");
        await client.Asks("/x", "Forwarded: for=unknown").Gets(200);
        _origin.WasAskedWithout("/x", "X-Forwarded-For");
    }

    [Fact, Trait("Spec", "RFC 7239 §4"), Trait("Kind", "required")]
    public async Task Forwarding_fields_are_written_by_policy()
    {
        await using var granary = await OneProcess.Starts(_origin, [.. Trusting, "--Granary:Forwarding:XForwarded", "Append", "--Granary:Forwarding:Forwarded", "Set"]);
        using var client = new Client(path => new Uri(granary.Url, path), host: "shop.example:81");
        await client.Asks("/x", "X-Forwarded-For: 6.6.6.6, 2001:db8::7", "Forwarded: for=9.9.9.9").Gets(200);
        _origin.WasAsked("/x", "X-Forwarded-For: 6.6.6.6, 2001:db8::7, 127.0.0.1", "Forwarded: for=\"[2001:db8::7]\";proto=http;host=\"shop.example:81\"");
        await using var removing = await OneProcess.Starts(_origin, [.. Trusting, "--Granary:Forwarding:XForwarded", "Remove", "--Granary:Forwarding:Forwarded", "Append", "--Granary:Access:TrustedField", "Forwarded"]);
        using var other = new Client(path => new Uri(removing.Url, path), host: "shop.example");
        await other.Asks("/x", "X-Forwarded-For: 6.6.6.6", "Forwarded: for=9.9.9.9;proto=https").Gets(200);
        _origin.WasAsked("/x", "Forwarded: for=9.9.9.9;proto=https, for=127.0.0.1;proto=http;host=shop.example");
        _origin.WasAskedWithout("/x", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host");
    }

    [Fact, Trait("Promise", "P5")]
    public async Task A_forward_proxy_hands_none_of_them_on()
    {
        await using var granary = await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8"]);
        using var client = granary.ForwardClient(_origin);
        await client.Asks("/x", "X-Forwarded-Host: evil.example", "X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6").Gets(200);
        _origin.WasAskedWithout("/x", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded");
    }

    [Fact]
    public void Odd_forwarded_fields_are_read_without_harm()
    {
        foreach (var text in (string[])["", ";", "for", "for=", "for=\"", "for=\"[::1\"", "=;=;=", "for=1.2.3.4;for=5.6.7.8", "\",\"", "for=\"1.2.3.4, for=5.6.7.8"])
        {
            var hops = ToldHops.OfForwarded(new HeaderDictionary { ["Forwarded"] = text });
            for (var hop = 0; hop < hops.Count; hop++) _ = (hops.AddressOf(hop), hops.SchemeOf(hop));
        }
    }
}
