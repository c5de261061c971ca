using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Edge.Tests.Tls;
using Granary.Edge.Tests.Users;
using Granary.Language;

namespace Granary.Edge.Tests.Inspection;

[Trait("Issue", "7")]
public sealed class InspectionTests(Inspected scene) : IClassFixture<Inspected>
{
    [Theory]
    [InlineData("http", "1.1")]
    [InlineData("http", "2.0")]
    [InlineData("https", "1.1")]
    [InlineData("https", "2.0")]
    [InlineData("socks5", "1.1")]
    [InlineData("socks5", "2.0")]
    [InlineData("socks4a", "1.1")]
    public async Task What_is_asked_in_a_tunnel_is_stored_and_answered_from_the_cache(string scheme, string version)
    {
        using var client = scene.Client(scheme, Version.Parse(version));
        var (path, page) = ($"/{scheme}/{version}", $"page of localhost:{scene.Site.Port}, asked with {(version == "2.0" ? "2" : "1.1")} granary, ");
        await scene.Asks(client, path).Gets(200, page, Outcome.Stored);
        scene.Process.Clock.Passes(3.Seconds());
        (await scene.Asks(client, path).Gets(200, page, Outcome.Hit)).Has("Age: 3");
    }

    [Fact, Trait("Spec", "RFC 9113 §8.5")]
    public async Task A_stream_of_HTTP_2_is_a_tunnel_that_is_inspected_like_others()
    {
        await using var tls = await Inspected.ShakesHands(await Http2Tunnel.Opens(await Wire.To(new IPEndPoint(IPAddress.Loopback, scene.Process.Url.Port)), $"localhost:{scene.Site.Port}"), "localhost");
        Assert.Equal(scene.Organisation.Root.Subject, tls.RemoteCertificate!.Issuer);
        var answer = await Inspected.Asks(tls, $"GET /stream HTTP/1.1\r\nHost: localhost:{scene.Site.Port}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains($"page of localhost:{scene.Site.Port}", answer, StringComparison.Ordinal);
        await using var other = await Http2Tunnel.Opens(await Wire.To(new IPEndPoint(IPAddress.Loopback, scene.Process.Url.Port)), $"localhost:{scene.Site.Port}");
        await other.WriteAsync(Hellos.For("bank.example"));
        var heard = new byte[8];
        Assert.Equal(7, await other.ReadAtLeastAsync(heard, 8, throwOnEndOfStream: false).AsTask().Within());
    }

    [Fact]
    public async Task The_limit_of_a_rule_is_that_of_requests_and_not_of_the_tunnel()
    {
        await using var tls = await scene.ShakesHands($"127.0.0.3:{scene.Site.Port}", "");
        var (ask, last) = ($"GET / HTTP/1.1\r\nHost: 127.0.0.3:{scene.Site.Port}\r\n", "Connection: close\r\n\r\n");
        var answers = await Inspected.Asks(tls, $"{ask}\r\n{ask}\r\n{ask}{last}");
        Assert.Equal(["502", "502", "429"], System.Text.RegularExpressions.Regex.Matches(answers, "HTTP/1.1 (...)").Select(static match => match.Groups[1].Value));
    }

    [Fact]
    public async Task A_hello_that_offers_nothing_to_agree_on_is_answered_by_an_alert()
    {
        using var wire = await scene.Opens($"localhost:{scene.Site.Port}");
        await wire.Says(Hellos.For("localhost").AsMemory(0, 30));
        await wire.Says(Hellos.For("localhost").AsMemory(30));
        Assert.Equal(21, (await wire.HearsTheRest())[0]);
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_to_its_end_is_given_up()
    {
        using var wire = await scene.Opens($"localhost:{scene.Site.Port}");
        await wire.Says(await Hellos.Real("localhost"));
        var over = wire.HearsTheRest();
        await scene.Process.Clock.PassesUntil(over, 10.Seconds());
        Assert.Equal(22, (await over)[0]); // what the server has to say first
    }

    [Fact]
    public async Task A_certificate_is_that_of_the_organisation_for_the_host_alone()
    {
        await using var tls = await scene.ShakesHands($"localhost:{scene.Site.Port}", "localhost");
        Assert.Equal("CN=localhost", tls.RemoteCertificate!.Subject);
        Assert.Equal(scene.Organisation.Root.Subject, tls.RemoteCertificate.Issuer);
    }

    [Fact]
    public async Task A_tunnel_that_an_earlier_rule_allows_is_left_as_it_is()
    {
        await using var tls = await scene.ShakesHands($"localhost:{scene.Bank.Port}", "localhost");
        Assert.Equal(scene.BanksThumbprint, tls.Thumbprint());
    }

    [Fact]
    public async Task A_rule_sees_the_URL_of_what_is_asked_in_a_tunnel_and_its_page_names_it()
    {
        using var client = scene.Client();
        var denied = await scene.Asks(client, "/secret/page").Fails(403, "access", "http_request_denied");
        Assert.Contains("no-secrets", denied.Content, StringComparison.Ordinal);
        await scene.Asks(client, "/%73ecret//page").Gets(403);
        await scene.Asks(client, "/public/page").Gets(200);
    }

    [Fact, Trait("Promise", "P8")]
    public async Task An_origin_whose_certificate_is_not_right_is_answered_for_with_the_reason()
    {
        using var client = scene.Client();
        await scene.Asks(client, "/", scene.Impostor).Fails(502, "tls", "tls_certificate_error");
    }

    [Fact, Trait("Promise", "P8")]
    public async Task No_address_inside_is_asked_by_way_of_a_tunnel()
    {
        await using var tls = await scene.ShakesHands("10.1.2.3:443", "10.1.2.3");
        var answer = await Inspected.Asks(tls, "GET / HTTP/1.1\r\nHost: 10.1.2.3\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("error: destination_ip_prohibited\n", answer, StringComparison.Ordinal);
    }

    [Theory, Trait("Spec", "RFC 9110 §7.4")]
    [InlineData("GET / HTTP/1.1\r\nHost: elsewhere.example")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost.:PORT")]
    [InlineData("GET http://localhost:PORT/ HTTP/1.1\r\nHost: localhost:PORT")]
    [InlineData("GET https://elsewhere.example/ HTTP/1.1\r\nHost: localhost:PORT")]
    [InlineData("GET https://localhost:PORT@elsewhere.example/ HTTP/1.1\r\nHost: localhost:PORT", 400)]
    [InlineData("CONNECT localhost:PORT HTTP/1.1\r\nHost: localhost:PORT", 501)]
    [InlineData("PURGE https://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example")]
    public async Task In_a_tunnel_nobody_but_its_target_is_asked(string head, int status = 421)
    {
        await using var tls = await scene.ShakesHands($"localhost:{scene.Site.Port}", "localhost");
        Assert.StartsWith($"HTTP/1.1 {status} ", await Inspected.Asks(tls, $"{head.Replace("PORT", $"{scene.Site.Port}", StringComparison.Ordinal)}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact, Trait("Spec", "RFC 9112 §3.2.2")]
    public async Task Absolute_form_for_the_target_is_understood()
    {
        await using var tls = await scene.ShakesHands($"LOCALHOST.:{scene.Site.Port}", "localhost");
        var answer = await Inspected.Asks(tls, $"GET https://localhost:{scene.Site.Port}/absolute HTTP/1.1\r\nHost: localhost:{scene.Site.Port}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "localhost:PORT", "421")]
    [InlineData("https", "elsewhere.example", "421")]
    [InlineData("ftp", "localhost:PORT", "421")]
    public async Task Over_HTTP_2_too_scheme_and_authority_are_those_of_the_tunnel(string scheme, string authority, string status)
    {
        await using var tls = await scene.ShakesHands($"localhost:{scene.Site.Port}", "localhost", SslApplicationProtocol.Http2);
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        using var client = await Http2Wire.Over(tls);
        await client.Asks(1, (":method", "GET"), (":scheme", scheme), (":path", "/"), (":authority", authority.Replace("PORT", $"{scene.Site.Port}", StringComparison.Ordinal)));
        Assert.Contains(status, await client.HearsHead(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_request_in_a_tunnel_is_refused_as_on_any_listener()
    {
        await using var tls = await scene.ShakesHands($"localhost:{scene.Site.Port}", "localhost");
        Assert.StartsWith("HTTP/1.1 400 ", await Inspected.Asks(tls, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_WebSocket_passes(string version)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { Proxy = new WebProxy(scene.Process.Url), SslOptions = { CertificateChainPolicy = scene.Organisation.Trust(scene.Process.Clock.Now) } });
        using var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
        await socket.ConnectAsync(new Uri($"wss://localhost:{scene.Site.Port}/socket"), client, CancellationToken.None).Within();
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None).Within();
        var heard = new byte[16];
        Assert.Equal(5, (await socket.ReceiveAsync(heard.AsMemory(), CancellationToken.None).AsTask().Within()).Count);
    }

    [Fact, Trait("Spec", "RFC 6066 §3")]
    public async Task A_client_that_asks_the_proxy_for_one_name_and_TLS_for_another_gets_neither()
    {
        using var wire = await scene.Opens($"localhost:{scene.Site.Port}");
        await wire.Says(Hellos.For("bank.example"));
        Assert.Equal([21, 3, 3, 0, 2, 2, 49], await wire.HearsTheRest());
        await Told("TunnelNotInspected", "OtherName");
    }

    [Fact]
    public async Task A_tunnel_to_an_address_is_judged_as_one_to_the_name_that_is_meant()
    {
        await using var tls = await scene.ShakesHands($"127.0.0.2:{scene.Site.Port}", "localhost"); // nobody listens there, and nobody is asked
        var answer = await Inspected.Asks(tls, $"GET /named HTTP/1.1\r\nHost: localhost:{scene.Site.Port}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        using var denied = await scene.Opens("127.0.0.2:443");
        await denied.Says(Hellos.For("denied.example"));
        Assert.Equal([21, 3, 3, 0, 2, 2, 49], await denied.HearsTheRest());
    }

    [Fact]
    public async Task A_client_that_names_no_host_is_shown_the_certificate_for_what_it_has_asked_the_proxy()
    {
        await using var named = await scene.ShakesHands($"localhost:{scene.Site.Port}", "");
        Assert.Equal("CN=localhost", named.RemoteCertificate!.Subject);
        await using var address = await scene.ShakesHands($"0x7f.2:{scene.Site.Port}", "");
        Assert.Equal("CN=127.0.0.2", address.RemoteCertificate!.Subject);
    }

    [Fact]
    public async Task What_is_not_TLS_goes_on_untouched_and_nothing_of_it_is_lost()
    {
        using var wire = await scene.Opens($"{scene.Backend}");
        await wire.Says("SSH-2.0-client\r\n");
        using var server = await scene.Backend.Accepts();
        await server.Hears("SSH-2.0-client\r\n");
        await server.Says("answer");
        await wire.Hears("answer");
        wire.Ends();
        await server.HearsTheEnd();
        await server.Says("last");
        await wire.Hears("last");
    }

    [Fact]
    public async Task What_is_not_TLS_is_cut_where_that_is_wanted()
    {
        using var organisation = new Organisation();
        await using var proxy = await Tunnels.TunnelProxy.Starts([.. organisation.Switches, "--Granary:Inspection:NotTls", "Refuse", .. Policy.Rules.Switches("Rules:0:Action=Inspect")]);
        using var wire = await proxy.Connects();
        await wire.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        await wire.Hears("HTTP/1.1 200 Connection established\r\n\r\n");
        await wire.Says("SSH-2.0-client\r\n");
        await wire.HearsAReset();
    }

    [Fact]
    public async Task A_client_that_says_nothing_or_not_all_is_let_go()
    {
        foreach (var beginning in (string[])["", "\u0016\u0003\u0001"])
        {
            using var wire = await scene.Opens($"localhost:{scene.Site.Port}");
            await wire.Says(beginning);
            var over = wire.HearsTheEnd();
            await scene.Process.Clock.PassesUntil(over, 1.Hours());
            await over;
        }

        await Told("TunnelNotInspected", "TimedOut");
    }

    [Fact]
    public async Task Garbage_that_may_be_TLS_to_somebody_goes_nowhere()
    {
        using var wire = await scene.Opens($"{scene.Backend}");
        await wire.Says("\u0016\u0003\u00ff\0\u0005hello");
        Assert.Equal([21, 3, 3, 0, 2, 2, 49], await wire.HearsTheRest());
    }

    [Fact]
    public async Task A_client_that_does_not_take_the_certificate_is_told_of_in_the_log()
    {
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(scene.Process.Url) });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://localhost:{scene.Site.Port}/")).Within());
        await Deadline.Until(() => Task.FromResult(scene.Logs.Lines.Any(static line => line.Event == "CertificateNotAccepted" || line.Text.EndsWith("NothingAsked", StringComparison.Ordinal))), () => string.Join('\n', scene.Logs.Lines.TakeLast(20)));
    }

    [Fact]
    public async Task Who_has_opened_the_tunnel_asks_in_it_and_is_not_asked_again()
    {
        await using var tls = await Inspected.ShakesHands(await scene.Opens($"localhost:{scene.Site.Port}", $"{KnownUsers.Says("alice", "secret")}\r\n"), "localhost");
        var answer = await Inspected.Asks(tls, $"GET /users HTTP/1.1\r\nHost: localhost:{scene.Site.Port}\r\nConnection: close\r\n{KnownUsers.Says("mallory", "wrong")}\r\n\r\n");
        Assert.Contains("asked with 1.1 granary, ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Basic", answer, StringComparison.Ordinal);
        await Deadline.Until(async () => (await Lines()).Any(static line => line.Contains("/users", StringComparison.Ordinal)), () => "There is no line.");
        var line = (await Lines()).First(static line => line.Contains("/users", StringComparison.Ordinal));
        foreach (var part in (string[])["\"user\":\"alice\"", $"\"url\":\"https://localhost:{scene.Site.Port}/users\"", "\"inspected\":true", "\"rule\":\"look-inside\"", "\"cache\":\"uri-miss\""]) Assert.Contains(part, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_to_install_is_at_the_admin_port_and_at_the_proxy()
    {
        using var http = new HttpClient();
        foreach (var at in (Uri[])[scene.Process.Admin, scene.Process.Url])
        {
            Assert.Equal(scene.Organisation.Root.RawData, await http.GetByteArrayAsync(new Uri(at, "/granary-ca.crt")).Within());
            var pem = await http.GetStringAsync(new Uri(at, "/granary-ca.pem")).Within();
            Assert.Equal(scene.Organisation.Root.ExportCertificatePem(), pem.TrimEnd());
        }
    }

    [Fact]
    public async Task The_trial_says_which_tunnels_would_be_inspected()
    {
        using var admin = new Client(path => new Uri(scene.Process.Admin, path));
        Assert.Contains("\"verdict\":\"inspect\",\"rule\":\"look-inside\"", (await admin.Sends("POST", "/policy/test", [], """{"url":"site.example:443","way":"connect"}""").Gets(200)).Content, StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"allow\",\"rule\":\"look-inside\"", (await admin.Sends("POST", "/policy/test", [], """{"url":"https://site.example/page"}""").Gets(200)).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_becomes_of_tunnels_is_counted()
    {
        await (await scene.ShakesHands($"127.0.0.4:{scene.Site.Port}", "")).DisposeAsync();
        using var admin = new Client(path => new Uri(scene.Process.Admin, path));
        foreach (var counted in (string[])["certificates_total\\{[^}]*outcome=\"minted\"", "tunnels_total\\{[^}]*outcome=\"inspected\"", "failures_total\\{[^}]*reason=\"NothingAsked\""])
            await Deadline.Until(async () => System.Text.RegularExpressions.Regex.IsMatch((await admin.Asks("/metrics").Gets(200)).Content, $"granary_inspection_{counted}"), () => counted);
    }

    private async Task<string[]> Lines() => File.Exists(scene.AccessLog) ? await File.ReadAllLinesAsync(scene.AccessLog) : [];

    private Task Told(string name, string word) => Deadline.Until(
        () => Task.FromResult(scene.Logs.Lines.Any(line => line.Event == name && line.Text.Contains(word, StringComparison.Ordinal))), () => $"{name} with {word} was not logged.");
}
