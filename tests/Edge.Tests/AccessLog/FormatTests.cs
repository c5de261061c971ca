using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Tunnels;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;

namespace Granary.Edge.Tests.AccessLog;

public sealed class FormatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, 123, TimeSpan.Zero);

    private static AccessRecord Page => new()
    {
        Time = Noon,
        Begun = 0,
        Client = IPAddress.Parse("192.0.2.7"),
        User = "alice",
        Method = "GET",
        Target = "http://example.org/page?q=1",
        Host = "example.org",
        Scheme = "http",
        Status = 200,
        Bytes = 1234,
        Duration = TimeSpan.FromMilliseconds(56.789),
        Cache = new CacheStatus { Fwd = ForwardReason.UriMiss, Stored = true },
        From = "example.org",
        ContentType = "text/html; charset=utf-8",
        Referer = "http://example.org/",
        UserAgent = "curl/8",
    };

    [Fact]
    public void A_JSON_line_has_what_is_known()
    {
        using var line = JsonDocument.Parse(Json(Page));
        Assert.Equal(
            """{"time":"2026-01-05T12:00:00.123Z","client":"192.0.2.7","user":"alice","method":"GET","url":"http://example.org/page?q=1","protocol":"HTTP/1.1","status":200,"bytes":1234,"duration_ms":56.789,"cache":"uri-miss","stored":true,"from":"example.org","type":"text/html; charset=utf-8","referer":"http://example.org/","agent":"curl/8"}""",
            line.RootElement.ToString());
    }

    [Fact]
    public void A_combined_line_is_Apaches() => Assert.Equal(
        "192.0.2.7 - alice [05/Jan/2026:12:00:00 +0000] \"GET http://example.org/page?q=1 HTTP/1.1\" 200 1234 \"http://example.org/\" \"curl/8\"\n", Combined(Page));

    [Fact]
    public void What_is_not_known_is_a_dash_in_the_others()
    {
        var nothing = Page with { Client = null, User = null, Bytes = 0, Referer = null, UserAgent = "", Cache = null, From = null, ContentType = null };
        Assert.Equal("- - - [05/Jan/2026:12:00:00 +0000] \"GET http://example.org/page?q=1 HTTP/1.1\" 200 - \"-\" \"-\"\n", Combined(nothing));
        Assert.Equal("1767614400.179     56 - NONE_NONE/200 0 GET http://example.org/page?q=1 - HIER_NONE/- -\n", Squid(nothing));
    }

    [Fact]
    public void A_Squid_line_is_Squids() =>
        Assert.Equal("1767614400.179     56 192.0.2.7 TCP_MISS/200 1234 GET http://example.org/page?q=1 alice HIER_DIRECT/example.org text/html\n", Squid(Page));

    public static TheoryData<string, ForwardReason?, int?, int> Outcomes() => new()
    {
        { "TCP_HIT", null, null, 200 }, { "TCP_IMS_HIT", null, null, 304 }, { "TCP_MISS", ForwardReason.VaryMiss, null, 200 }, { "TCP_CLIENT_REFRESH_MISS", ForwardReason.Request, null, 200 },
        { "TCP_REFRESH_UNMODIFIED", ForwardReason.Stale, 304, 200 }, { "TCP_REFRESH_MODIFIED", ForwardReason.Stale, 200, 200 }, { "TCP_REFRESH_FAIL", ForwardReason.Stale, 503, 200 },
    };

    [Theory, MemberData(nameof(Outcomes))]
    public void What_the_cache_did_is_said_in_Squids_words(string code, ForwardReason? why, int? forwarded, int status) =>
        Assert.Contains($" {code}/{status} ", Squid(Page with { Cache = new CacheStatus { Hit = why is null, Fwd = why, FwdStatus = forwarded }, Status = status }), StringComparison.Ordinal);

    [Fact]
    public void Tunnels_refusals_and_clients_that_left_have_words_of_their_own()
    {
        var tunnel = new AccessRecord { Time = Noon, Begun = 0, Target = "example.org:443", Way = TunnelWay.Connect, Status = 200, From = "192.0.2.1:443", Bytes = 5, BytesIn = 7 };
        Assert.Equal("1767614400.123      0 - TCP_TUNNEL/200 5 CONNECT example.org:443 - HIER_DIRECT/192.0.2.1:443 -\n", Squid(tunnel));
        var denied = new AccessRecord { Time = Noon, Begun = 0, Target = "example.org:443", Way = TunnelWay.Connect };
        denied.Fail(ForwardError.PortRefused);
        Assert.Contains(" TCP_DENIED/403 0 CONNECT ", Squid(denied), StringComparison.Ordinal);
        Assert.Contains(" TCP_MISS_ABORTED/000 ", Squid(Page with { IsAborted = true, Status = 499 }), StringComparison.Ordinal);
        Assert.Contains(" FIRSTUP_PARENT/example.org ", Squid(Page with { IsReverse = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:pass@example.org/a@b?c=d@e", "http://***@example.org/a@b?c=d@e", "http://***@example.org/a@b")]
    [InlineData("http://us@er:p@example.org", "http://***@example.org", "http://***@example.org")]
    [InlineData("user:pass@example.org:443", "***@example.org:443", "***@example.org:443")]
    [InlineData("http://example.org?secret#f", "http://example.org?secret#f", "http://example.org")]
    [InlineData("/path@here?x", "/path@here?x", "/path@here")]
    [InlineData("", "", "")]
    public void Credentials_in_a_URL_are_hidden_and_its_query_where_it_is_not_wanted(string url, string shown, string withoutQuery)
    {
        Assert.Equal(shown, LoggedUrl.Of(url, withQuery: true));
        Assert.Equal(withoutQuery, LoggedUrl.Of(url, withQuery: false));
    }

    [Fact]
    public void A_URL_of_the_reverse_proxy_is_put_together()
    {
        Assert.Equal("https://example.org/page?q", LoggedUrl.Of(Page with { Target = "/page?q", Scheme = "https" }, withQuery: true));
        Assert.Equal("https://example.org", LoggedUrl.Of(Page with { Target = "*", Scheme = "https" }, withQuery: true));
        Assert.Equal("https://***@example.org/x", LoggedUrl.Of("https://a:b@example.org/x", withQuery: true));
    }

    [Fact, Trait("Fault", "60")]
    public void No_client_writes_a_line_of_its_own() => Gen.String.Array[5].Sample(texts =>
    {
        var hostile = Page with { Method = texts[0], Target = texts[1], User = texts[2], Referer = texts[3], UserAgent = texts[4], ContentType = texts[0], From = texts[1] };
        foreach (var line in (string[])[Json(hostile), Combined(hostile), Squid(hostile)])
        {
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.DoesNotContain(line[..^1], static c => c is < ' ' or > '~');
        }

        using var parsed = JsonDocument.Parse(Json(hostile));
        Assert.Equal(10, Squid(hostile).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    });

    [Fact]
    public void Credentials_too_long_to_be_written_are_hidden_all_the_same()
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget = $"http://me:{new string('p', 5000)}@example.org/page";
        var record = Page;
        record.Begin(context);
        Assert.Equal("http://***@example.org/page", LoggedUrl.Of(record, withQuery: true));
        Assert.True(record.Weight < 1000);
    }

    [Theory]
    [InlineData("a\"b\\c\r\nd\te\u001b[31m \u00e9", "a\\\"b\\\\c\\r\\nd\\te\\x1b[31m \\xc3\\xa9")]
    public void Combined_escapes_as_Apache_does(string agent, string written) => Assert.EndsWith($"\"{written}\"\n", Combined(Page with { UserAgent = agent }), StringComparison.Ordinal);

    [Fact, Trait("Promise", "P7")]
    public void A_line_is_bounded()
    {
        var huge = new string('a', 1 << 20);
        foreach (var line in (string[])[Json(Page with { Target = huge, UserAgent = huge, Referer = huge }), Combined(Page with { Target = huge, UserAgent = huge, Referer = huge }), Squid(Page with { Target = huge })])
            Assert.True(line.Length < 16 << 10);
    }

    private static string Json(AccessRecord record)
    {
        using var format = new JsonFormat();
        return Written(line => format.Write(line, record, withQuery: true));
    }

    private static string Combined(AccessRecord record) => Written(line => CombinedFormat.Write(line, record, withQuery: true));

    private static string Squid(AccessRecord record) => Written(line => SquidFormat.Write(line, record, withQuery: true));

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var line = new ArrayBufferWriter<byte>();
        write(line);
        return Encoding.Latin1.GetString(line.WrittenSpan);
    }
}
