using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Edge.Tests.Configuration;
using Granary.Grains.Origin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Errors;

public sealed class ErrorAnswersTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ListLogger<ErrorAnswers> _log = new();
    private readonly ErrorAnswers _answers;

    public ErrorAnswersTests() => _answers = new ErrorAnswers(_services.GetRequiredService<IMeterFactory>(), _log);

    public static TheoryData<ForwardError, int, string, string> Errors => new()
    {
        { new ForwardError.Origin(new OriginError(OriginFault.ConnectionRefused)), 502, "connection_refused", "connect" },
        { new ForwardError.Origin(new OriginError(OriginFault.NameNotResolved)), 502, "dns_error", "resolve" },
        { new ForwardError.Origin(new OriginError(OriginFault.HeadTimedOut)), 504, "http_response_timeout", "head" },
        { new ForwardError.Origin(new OriginError(OriginFault.TlsFailed)), 502, "tls_protocol_error", "tls" },
        { new ForwardError.Origin(new OriginError(OriginFault.DestinationRefused)), 403, "destination_ip_prohibited", "access" },
        { new ForwardError.ClientRefused(ClientRefusal.ForwardNotAllowed), 403, "http_request_denied", "access" },
        { new ForwardError.BadRequest("The target is not a URL."), 400, "http_request_error", "request" },
        { ForwardError.HeadTooLarge, 431, "request_head_too_large", "request" },
        { ForwardError.LoopDetected, 508, "proxy_loop_detected", "route" },
        { ForwardError.NoRoute, 404, "destination_not_found", "route" },
        { ForwardError.NotStored, 504, "only_if_cached", "cache" },
        { ForwardError.TooManyWaiters, 503, "too_many_waiters", "cache" },
        { ForwardError.ClusterAway, 503, "cluster_unavailable", "cache" },
        { ForwardError.Internal, 500, "proxy_internal_error", "internal" },
    };

    [Theory, MemberData(nameof(Errors), DisableDiscoveryEnumeration = true), Trait("Spec", "RFC 9457 §3.1"), Trait("Kind", "required")]
    public async Task Given_a_client_that_reads_json_then_the_error_is_a_problem(ForwardError error, int status, string token, string stage)
    {
        var context = Asked("GET", "application/problem+json");

        await _answers.AnswerAsync(context, error);

        using var problem = JsonDocument.Parse(Content(context));
        Assert.Equal(((int, string, string))(status, "application/problem+json", "no-store"), (context.Response.StatusCode, context.Response.ContentType!, context.Response.Headers.CacheControl.ToString()));
        Assert.Equal(["type", "title", "status", "detail", "stage", "error"], problem.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal((status, token, stage), (problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("error").GetString(), problem.RootElement.GetProperty("stage").GetString()));
        Assert.Equal((error.Status, error.Token), (status, token));
    }

    [Theory, Trait("Spec", "RFC 9110 §12.5.1"), Trait("Kind", "optimal")]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("text/plain, application/json;q=0.5", false)]
    [InlineData("application/json;q=0", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("image/*", false)]
    [InlineData("garbage;;;,/", false)]
    [InlineData("", false)]
    [InlineData("application/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/vnd.api+json", true)]
    [InlineData("application/*", true)]
    [InlineData("application/json, text/plain, */*", true)]
    [InlineData("text/html;q=0.5, application/json", true)]
    public async Task Given_an_accept_field_then_json_is_for_those_who_name_it(string? accept, bool json)
    {
        var context = Asked("GET", accept);

        await _answers.AnswerAsync(context, ForwardError.NoRoute);

        Assert.Equal(json ? "application/problem+json" : "text/plain; charset=utf-8", context.Response.ContentType);
    }

    [Fact, Trait("Spec", "RFC 9110 §9.3.2"), Trait("Kind", "required")]
    public async Task Given_head_then_the_fields_are_those_of_get_and_there_is_no_content()
    {
        var (get, head) = (Asked("GET", null), Asked("HEAD", null));

        await _answers.AnswerAsync(get, ForwardError.NoRoute);
        await _answers.AnswerAsync(head, ForwardError.NoRoute);

        Assert.Equal(get.Response.ContentLength, head.Response.ContentLength);
        Assert.Empty(Content(head));
    }

    [Fact]
    public async Task Given_fields_of_a_half_made_answer_then_only_via_and_cache_status_stay()
    {
        var context = Asked("GET", null);
        foreach (var name in (string[])["Via", "Cache-Status", "ETag", "Set-Cookie", "Content-Encoding", "Cache-Control", "Trailer"]) context.Response.Headers[name] = "x";

        await _answers.AnswerAsync(context, ForwardError.TooManyWaiters);

        Assert.Equal(["Cache-Control", "Cache-Status", "Content-Length", "Content-Type", "Retry-After", "Via"], context.Response.Headers.Keys.Order());
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
    }

    [Fact]
    public async Task Given_an_answer_that_has_begun_then_it_is_cut_and_nothing_is_added()
    {
        var context = Asked("GET", null);
        var cut = new Lifetime();
        context.Features.Set<IHttpRequestLifetimeFeature>(cut);
        context.Features.Set<IHttpResponseFeature>(new Begun());

        await _answers.AnswerAsync(context, new ForwardError.Origin(new OriginError(OriginFault.ContentIncomplete)));

        Assert.True(cut.WasAborted);
        Assert.Empty(Content(context));
    }

    [Fact, Trait("Spec", "RFC 9112 §9.6"), Trait("Kind", "check")]
    public async Task Given_a_request_that_was_not_understood_then_the_connection_is_closed()
    {
        var (bad, good) = (Asked("GET", null), Asked("GET", null));

        await _answers.AnswerAsync(bad, new ForwardError.BadRequest("No."));
        await _answers.AnswerAsync(good, ForwardError.NoRoute);

        Assert.Equal("close", bad.Response.Headers.Connection);
        Assert.Equal(0, good.Response.Headers.Connection.Count);
    }

    [Fact]
    public async Task Given_an_error_then_metric_and_log_say_the_same_word()
    {
        var counted = new List<(string Name, object? Error)>();
        var ours = _services.GetRequiredService<IMeterFactory>(); // it is told of those of all tests, also when this one is over
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, ours)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted.Add((instrument.Name, tags[0].Value)));
        listener.Start();

        await _answers.AnswerAsync(Asked("GET", null), ForwardError.LoopDetected);

        Assert.Equal([("granary.errors", "proxy_loop_detected")], counted);
        Assert.Equal(["RequestFailed"], _log.Events);
    }

    [Theory]
    [InlineData(400, "http_request_error")]
    [InlineData(408, "request_timeout")]
    [InlineData(413, "request_content_too_large")]
    [InlineData(414, "request_head_too_large")]
    [InlineData(431, "request_head_too_large")]
    public void What_the_server_finds_wrong_with_a_request_does_not_quote_the_client(int status, string token)
    {
        var error = BadRequests.Of(new BadHttpRequestException("Invalid: 'evil'", status));

        Assert.Equal(token, error.Token);
        Assert.DoesNotContain("evil", error.Sentence, StringComparison.Ordinal);
    }

    public void Dispose() => _services.Dispose();

    private static DefaultHttpContext Asked(string method, string? accept)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        (context.Request.Method, context.Request.Protocol) = (method, "HTTP/1.1");
        if (accept is not null) context.Request.Headers.Accept = accept;
        return context;
    }

    private static string Content(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool WasAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => WasAborted = true;
    }

    private sealed class Begun : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
