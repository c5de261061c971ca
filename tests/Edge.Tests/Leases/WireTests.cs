using System.Collections.Immutable;
using System.Net;
using Granary.Edge.Leases;
using Granary.Edge.Owners;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;

namespace Granary.Edge.Tests.Leases;

/// <summary>Over a real socket, in Orleans' encoding.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";

    private readonly FakeTimeProvider _clock = new();
    private SiloDesk _silo = null!;
    private LeasingEdge _edge = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, null, _silo);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSerializer();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/key/call", Answer);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task Polls_and_grants_come_through_whole()
    {
        var variant = _silo.Keeps(Uri, "one", 3600, "Tag: t", "ETag: \"v1\"");
        using var calls = new SiloCalls(_app.Services.GetRequiredService<Serializer>(), MemberTls.None, new Silos(_clock));
        var silo = new Member("silo-1", new Uri(_app.Urls.First()).Authority + "/key");
        await using var line = new Line("edge-1", silo, calls, _edge.Copies, _clock, NullLogger.Instance);
        _silo.Recalls(new Recall.Uris(["http://example.org/x"]));

        Assert.NotNull(await line.Poll(CancellationToken.None));
        Assert.Equal(_silo.Row, line.Row);
        line.IsActive(_clock.GetTimestamp());
        Assert.True(line.IsUp);

        var call = new MemberCall.Lease("edge-1", line.Session!.Number, Uri, ImmutableArray<Grains.Copies.CopySource>.Empty);
        var grant = Assert.IsType<MemberReply.Leased>(await calls.Ask(silo, call, TimeSpan.FromSeconds(60), CancellationToken.None));
        Assert.Null(await _edge.Intake.Take(Uri, line.Session, grant, _clock.GetTimestamp(), _edge.Copies.RecallsOf(Uri)));
        Assert.True(await _edge.Has(Uri));
        var held = Assert.Single(_edge.Copies.Peek(Uri)!.Variants);
        Assert.Equal(variant.Response.Head.Fields.ToString(), held.Response.Head.Fields.ToString());
        Assert.Equal(ContentState.Complete, held.Content.State);

        await line.Poll(CancellationToken.None);
        Assert.Equal([new LeaseUse(Uri, 1)], _silo.Calls.OfType<MemberCall.Listen>().Last().Uses.ToArray());
    }

    [Fact]
    public async Task A_silo_that_does_not_know_of_leases_or_is_not_there_gives_no_session()
    {
        using var calls = new SiloCalls(_app.Services.GetRequiredService<Serializer>(), MemberTls.None, new Silos(_clock));
        var authority = new Uri(_app.Urls.First()).Authority;
        await using var line = new Line("edge-1", new Member("old", authority + "/other-key"), calls, _edge.Copies, _clock, NullLogger.Instance);
        Assert.Null(await line.Poll(CancellationToken.None));
        Assert.Null(line.Session);
    }

    private async Task Answer(HttpContext context, Serializer serializer)
    {
        var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        var reply = await _silo.Do(serializer.Deserialize<MemberCall>(content.ToArray())!);
        await context.Response.Body.WriteAsync(serializer.SerializeToArray(reply!));
    }
}
