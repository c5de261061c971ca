using System.Net;
using Granary.Edge.Delivery;
using Granary.Edge.Errors;
using Granary.Edge.Figures;
using Granary.Edge.Listening;
using Granary.Edge.Presenting;
using Granary.Edge.Rules.Compression;
using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Resources;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>A client cannot tell a leased copy from its owner.</summary>
public sealed class SameAnswerTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";

    private static readonly string[][] Requests =
    [
        [], ["Range: bytes=0-9"], ["Range: bytes=5-6, 20-29"], ["Range: bytes=-5"], ["Range: bytes=90000-"], ["Range: bytes=900000-"], ["If-None-Match: \"v1\""], ["If-None-Match: \"v2\""],
        ["If-Modified-Since: Mon, 05 Jan 2026 11:00:00 GMT"], ["Range: bytes=0-9", "If-Range: \"v1\""], ["Range: bytes=0-9", "If-Range: \"v0\""], ["Cache-Control: max-age=60"],
    ];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
    private SiloDesk _silo = null!;
    private LeasingEdge _edge = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, null, _silo);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock).AddSingleton<ErrorAnswers>().AddSingleton<OutcomeFigures>().AddSingleton<CacheStatusReport>().AddSingleton(new Pseudonym("granary")).AddSingleton(Compressing.Off());
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static options => options.UseStrictHttp1()));
        _app = builder.Build();
        _app.Run(Deliver);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Theory, Trait("Spec", "RFC 9111 §4"), Trait("Kind", "required")]
    [InlineData("GET", 100)]
    [InlineData("HEAD", 100)]
    [InlineData("GET", 100_000)]
    [InlineData("HEAD", 100_000)]
    [InlineData("GET", 0)]
    public async Task A_leased_copy_is_answered_with_as_its_owner_would(string method, int length)
    {
        _silo.Keeps(Uri, Known.Bytes(1, 0, length), 3600, FieldLines.Empty, "ETag: \"v1\"", "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "X-One: a", "X-One: b", "Surrogate-Control: x");
        await _edge.Holds(Uri);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        foreach (var fields in Requests)
        {
            var (owner, lease) = (await Ask(method, "owner", fields), await Ask(method, "lease", fields));
            Assert.Equal(owner.Head, lease.Head);
            Assert.Equal(owner.Content, lease.Content);
            Assert.Contains("Cache-Status: granary; hit; ttl=3590", lease.Head);
            Assert.True(lease.Head.Contains("Age: 9", StringComparison.Ordinal) || lease.Head.StartsWith("416", StringComparison.Ordinal), lease.Head);
        }
    }

    [Fact, Trait("Spec", "RFC 8297 §2"), Trait("Kind", "optimal")]
    public async Task Early_hints_come_with_a_leased_copy_as_well()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Holds(Uri);
        var serve = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri));
        Assert.Equal(103, Assert.Single(serve.EarlyHints).Status);
        serve = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri, LeasingEdge.Question("GET", Uri) with { WantsInterims = false }));
        Assert.Empty(serve.EarlyHints);
    }

    [Fact]
    public async Task Content_that_is_evicted_before_it_is_sent_is_looked_up_again_at_the_owner()
    {
        _silo.Keeps(Uri, "one");
        await _edge.Holds(Uri);
        var serve = Assert.IsType<Answer.Serve>(await _edge.Asks(Uri));
        _edge.Store.Clear();
        Assert.Null(new Contents(_edge.Store, null).Find(serve));
        Assert.False(await _edge.Has(Uri));
    }

    private async Task<(string Head, byte[] Content)> Ask(string method, string way, string[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(new HttpMethod(method), _app.Urls.First() + "/" + way);
        foreach (var line in FieldLines.Of(fields)) request.Headers.TryAddWithoutValidation(line.Name, line.Value);
        using var response = await client.SendAsync(request);
        var content = await response.Content.ReadAsByteArrayAsync();
        var boundary = response.Content.Headers.ContentType?.Parameters.FirstOrDefault(static one => one.Name == "boundary")?.Value;
        var head = $"{(int)response.StatusCode} {response.ReasonPhrase}\r\n{response.Headers}{response.Content.Headers}";
        if (boundary is null) return (head, content);
        return (head.Replace(boundary, "boundary", StringComparison.Ordinal), System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(content).Replace(boundary.Trim('"'), "boundary", StringComparison.Ordinal)));
    }

    private async Task Deliver(HttpContext context)
    {
        var fields = new FieldLines([.. context.Request.Headers.Where(static field => field.Key != "Host").SelectMany(static field => field.Value.Select(value => new FieldLine(field.Key, value!)))]);
        var question = LeasingEdge.Question(context.Request.Method, Uri) with { Presented = new RequestHead(context.Request.Method, Uri, fields) };
        var isLease = context.Request.Path == "/lease";
        var answer = isLease ? await _edge.Asks(Uri, question) : await ((Edge.Owners.IOwners)_edge).Ask(Uri, question, CancellationToken.None);
        var contents = new Contents(isLease ? _edge.Store : _silo.Store, null);
        await ActivatorUtilities.CreateInstance<StoredDelivery>(context.RequestServices, contents).Deliver(context, question.Presented, Assert.IsType<Answer.Serve>(answer));
    }
}
