using System.Collections.Concurrent;
using System.Net;
using Granary.Edge.Delivery;
using Granary.Edge.Errors;
using Granary.Edge.Figures;
using Granary.Edge.Leases;
using Granary.Edge.Leases.Segments;
using Granary.Edge.Listening;
using Granary.Edge.Presenting;
using Granary.Edge.Rules.Compression;
using Granary.Grains.Copies;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Language;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>A stateless edge as far as delivery goes: what the owner would have answered is given to it, by path. "gone" is what it says when it would look up again.</summary>
internal sealed class EdgeSide : IAsyncDisposable
{
    public const string LooksUpAgain = "gone";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Answer> _answers = new();

    private EdgeSide(FakeTimeProvider clock, TimeSpan fetchIdleTimeout, Compressing compressing, long leases)
    {
        Clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ErrorAnswers>().AddSingleton<OutcomeFigures>().AddSingleton<CacheStatusReport>().AddSingleton(new Pseudonym("granary")).AddSingleton(compressing);
        builder.Services.AddSingleton<StoredDelivery>().AddSingleton<PartsDelivery>().AddRemoteContent(() => fetchIdleTimeout);
        builder.Services.AddSingleton(new SiloContentOptions(() => fetchIdleTimeout) { ConnectTimeout = Deadline.Patience }); // a busy machine is no silo that is gone
        if (leases > 0)
            builder.Services.AddSingleton(new ResponseStore(LeaseServices.StoreOf(new LeaseSettings { MemoryLimit = leases }), clock)).AddSingleton(MemberTls.None).AddSingleton<IContentPort, ContentPortClient>()
                .AddSingleton<CopyFilling>().AddSingleton<LeaseMeter>().AddSingleton<SegmentStore>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static options => options.UseStrictHttp1());
            kestrel.Listen(IPAddress.Loopback, 0, static options => options.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(Deliver);
    }

    public FakeTimeProvider Clock { get; }

    public Uri Url => new(_app.Urls.First());

    public Uri Http2 => new(_app.Urls.Last());

    public SegmentStore Segments => _app.Services.GetRequiredService<SegmentStore>();

    /// <summary>That of leased copies.</summary>
    public ResponseStore Store => _app.Services.GetRequiredService<ResponseStore>();

    public static async Task<EdgeSide> Starts(TimeSpan? fetchIdleTimeout = null, Compressing? compressing = null, long leases = 0)
    {
        var edge = new EdgeSide(new FakeTimeProvider(), fetchIdleTimeout ?? TimeSpan.FromSeconds(60), compressing ?? Compressing.Off(), leases);
        await edge._app.StartAsync();
        return edge;
    }

    public void Gets(string path, Answer answer) => _answers[path] = answer;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Deliver(HttpContext context)
    {
        var presented = new RequestHead(context.Request.Method, "http://example.org" + context.Request.Path,
            new FieldLines([.. context.Request.Headers.SelectMany(field => field.Value.Select(value => new FieldLine(field.Key, value!)))]));
        var delivered = _answers[context.Request.Path] switch
        {
            Answer.Serve serve => await context.RequestServices.GetRequiredService<StoredDelivery>().Deliver(context, presented, serve),
            Answer.ServeParts parts => await context.RequestServices.GetRequiredService<PartsDelivery>().Deliver(context, presented, parts),
            _ => false,
        };
        if (delivered) return;
        Assert.False(context.Response.HasStarted);
        Assert.Empty(context.Response.Headers);
        await context.Response.WriteAsync(LooksUpAgain);
    }
}
