using System.Diagnostics;
using System.Text;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Granary.Edge.Tests.Tracing;

/// <summary>With a collector in this process, which takes what is sent as it is.</summary>
public sealed class TracingTests : IAsyncLifetime
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly Origin _origin = Origin.Starts();
    private readonly Origin _collector = Origin.Starts();

    public Task InitializeAsync()
    {
        _collector.Answers("/v1/traces", 200, ["Content-Type: application/x-protobuf"]);
        _origin.Answers("/page", 200, ["Cache-Control: max-age=60"], "hello");
        _origin.Answers("/not", 200, ["Cache-Control: no-store"], "one");
        return Task.CompletedTask;
    }

    [Fact, Trait("Spec", "W3C Trace Context §3")]
    public async Task Requests_are_told_to_the_collector_with_what_the_cache_did_and_origins_are_told_of_the_trace()
    {
        await using var process = await Traces("--Granary:Tracing:Ratio=1", "--Granary:Tracing:TellOrigins=true");
        using var client = process.Client();
        await client.Asks("/page", $"traceparent: {Parent}", "tracestate: vendor=1").Gets(200, "hello", Outcome.Stored);
        await client.Asks("/page").Gets(200, "hello", Outcome.Hit);
        await client.Asks("/not").Gets(200, "one");

        var told = Told(process);

        Assert.Contains("granary-edge", told, StringComparison.Ordinal);
        Assert.Contains("http.request.method", told, StringComparison.Ordinal);
        Assert.Contains("url.path", told, StringComparison.Ordinal);
        Assert.Contains("uri-miss", told, StringComparison.Ordinal);
        Assert.Contains("granary; hit", told, StringComparison.Ordinal);
        Assert.Contains("ask owner", told, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")), told, StringComparison.Ordinal);
        var sent = _origin.Requests("/page").Single().Fields;
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", sent.Single("traceparent"), StringComparison.Ordinal);
        Assert.NotEqual(Parent, sent.Single("traceparent")); // our span, not the client's
        Assert.Equal("vendor=1", sent.Single("tracestate"));
        Assert.True(_origin.Requests("/not").Single().Fields.Has("traceparent"));
    }

    [Fact]
    public async Task Clients_cannot_ask_to_be_traced_and_without_the_wish_their_word_is_handed_on_as_it_is()
    {
        await using var process = await Traces("--Granary:Tracing:Ratio=0");
        using var client = process.Client();
        await client.Asks("/page", $"traceparent: {Parent}").Gets(200, "hello", Outcome.Stored);

        Assert.Empty(Told(process));
        Assert.Equal(Parent, _origin.Requests("/page").Single().Fields.Single("traceparent"));
    }

    [Fact]
    public async Task A_collector_that_is_away_changes_nothing_for_clients()
    {
        await _collector.DisposeAsync();
        await using var process = await Traces("--Granary:Tracing:Ratio=1");
        using var client = process.Client();
        await client.Asks("/page").Gets(200, "hello", Outcome.Stored);
        await client.Asks("/page").Gets(200, "hello", Outcome.Hit);
    }

    [Fact]
    public async Task Where_traces_are_off_nothing_is_made_of_requests_even_if_somebody_in_the_process_listens()
    {
        var seen = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Granary.Edge",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Interlocked.Increment(ref seen),
        };
        ActivitySource.AddActivityListener(listener);
        await using var process = await OneProcess.Starts(_origin, ["--Granary:Tracing:TellOrigins=true"]);
        using var client = process.Client();
        await client.Asks("/page").Gets(200, "hello", Outcome.Stored);
        await client.Asks("/page").Gets(200, "hello", Outcome.Hit);
        await client.Asks("/not").Gets(200, "one");

        Assert.Null(process.Services.GetService<TracerProvider>());
        Assert.Equal(0, seen);
        Assert.False(_origin.Requests("/page").Single().Fields.Has("traceparent"));
    }

    public async Task DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private Task<OneProcess> Traces(params string[] more) => OneProcess.Starts(_origin, [$"--Granary:Tracing:Endpoint={_collector.Url}", .. more]);

    private string Told(OneProcess process)
    {
        process.Services.GetRequiredService<TracerProvider>().ForceFlush();
        return string.Concat(_collector.Requests("/v1/traces").Select(static sent => sent.ContentText));
    }
}
