using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Edge.Leases;
using Granary.Edge.Leases.Segments;
using Granary.Edge.Owners;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Origin;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Language;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>An edge as far as leases go, with a line to each desk. Nothing happens by itself: tests poll, read the table and ask.</summary>
internal sealed class LeasingEdge : ISiloCalls, IOwners, IContentPort, IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, Line> _lines = [];
    private readonly LeasedOwners _owners;
    private readonly LeaseAsking _asking;
    private readonly SiloContent _contents;
    private int _asked;

    private LeasingEdge(FakeTimeProvider clock, LeaseSettings? settings, SiloDesk[] desks)
    {
        (Clock, Settings, Desks) = (clock, settings ?? new LeaseSettings(), [.. desks]);
        Store = new ResponseStore(LeaseServices.StoreOf(Settings), clock);
        var meter = new LeaseMeter(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var filling = new CopyFilling(this, clock, NullLogger<CopyFilling>.Instance);
        var silos = new Silos(clock) { Members = [.. desks.Select(static desk => desk.Member)] };
        _contents = new SiloContent(new SiloContentOptions(static () => TimeSpan.FromSeconds(60)), silos, clock);
        Segments = new SegmentStore(Store, _contents, filling, meter, clock);
        Copies = new LeasedCopies(Store, Segments, new RecallCounts(), static () => new ResourceOptions(), () => Settings, clock, meter);
        Intake = new GrantIntake(Copies, filling, clock);
        _asking = new LeaseAsking("edge-1", silos, silo => _lines.GetValueOrDefault(silo.Endpoint), this, Copies, Intake, clock, meter, NullLogger<LeaseAsking>.Instance);
        _owners = new LeasedOwners(this, Copies, _asking, new Demand(), () => Settings, new DecisionLog(clock), meter, clock);
        foreach (var desk in desks) _lines[desk.Member.Endpoint] = new Line("edge-1", desk.Member, this, Copies, clock, NullLogger.Instance);
    }

    public FakeTimeProvider Clock { get; }

    public LeaseSettings Settings { get; set; }

    public ImmutableArray<SiloDesk> Desks { get; }

    public ResponseStore Store { get; }

    public SegmentStore Segments { get; }

    public LeasedCopies Copies { get; }

    public GrantIntake Intake { get; }

    public ISiloCalls Calls => this;

    public static LeasingEdge With(FakeTimeProvider clock, LeaseSettings? settings, params SiloDesk[] desks) => new(clock, settings, desks);

    /// <summary>How many questions came to the owner.</summary>
    public int AskedOwner => Volatile.Read(ref _asked);

    /// <summary>How many contents were read at the content port.</summary>
    public int Opened { get; private set; }

    public Func<Stream, Stream> OnTheWay { get; set; } = static stream => stream;

    public Line Line(int desk = 0) => _lines[Desks[desk].Member.Endpoint];

    /// <summary>One poll of each line, and one reading of the table, which has all of them.</summary>
    public async Task Polls()
    {
        foreach (var line in _lines.Values) await line.Poll(CancellationToken.None);
        ReadsTable();
    }

    public void ReadsTable(long? since = null)
    {
        foreach (var line in _lines.Values) line.IsActive(since ?? Clock.GetTimestamp());
    }

    public Task<Answer?> Asks(string uri, params string[] fields) => AsksBy("GET", uri, fields);

    public Task<Answer?> AsksBy(string method, string uri, params string[] fields) => _owners.Ask(uri, Question(method, uri, fields), CancellationToken.None);

    public Task<Answer?> Asks(string uri, Question question) => _owners.Ask(uri, question, CancellationToken.None);

    /// <summary>Whether it answers itself, without the owner.</summary>
    public async Task<bool> Has(string uri, params string[] fields)
    {
        var before = AskedOwner;
        await Asks(uri, fields);
        return AskedOwner == before;
    }

    /// <returns>How asking for a lease ended.</returns>
    public Task<string> Leases(string uri) => _asking.Conduct(uri);

    /// <summary>A session, and a lease of what the desk keeps of the URI.</summary>
    public async Task Holds(params string[] uris)
    {
        await Polls();
        foreach (var uri in uris) Assert.Equal("taken", await Leases(uri));
    }

    public static Question Question(string method, string uri, params string[] fields) =>
        new() { Presented = new RequestHead(method, uri, FieldLines.Of(fields)), Route = new OriginRoute("http://origin", "/", true), WantsInterims = true };

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines.Values) await line.DisposeAsync();
        Store.Dispose();
        _contents.Dispose();
        await _services.DisposeAsync();
    }

    async Task<MemberReply?> ISiloCalls.Ask(Member silo, MemberCall call, TimeSpan deadline, CancellationToken cancellationToken) => await Desks.Single(desk => desk.Member == silo).Do(call);

    Task<Answer?> IOwners.Ask(string uri, Question question, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        var owner = Granary.Grains.Placement.Rendezvous.Rank(uri, Desks, static desk => desk.Member.Name)[0];
        var choice = Choice.Of(question, owner.Store.Find(uri), new ReuseOptions(), Clock, owner.Epochs);
        return Task.FromResult<Answer?>(choice.FromStored() ?? new Answer.Pass(ForwardReason.Miss, "test"));
    }

    Task<int?> IOwners.Invalidate(string uri) => Task.FromResult<int?>(0);

    Task<Purged?> IOwners.Invalidate(ImmutableArray<string> uris, bool isSoft) => Task.FromResult<Purged?>(new Purged(0, []));

    Task<Purged?> IOwners.Invalidate(Scope scope, bool isSoft) => Task.FromResult<Purged?>(new Purged(0, []));

    Task<bool> IOwners.InvalidateGroups(ImmutableArray<string> groups) => Task.FromResult(true);

    Task IOwners.Tell(string uri, Func<IResourceGrain, Task> what) => Task.CompletedTask;

    Task<Stream?> IContentPort.Open(ContentAddress content, long from, CancellationToken cancellationToken)
    {
        Opened++;
        var desk = Desks.Single(desk => desk.Member.Endpoint == content.Endpoint);
        if (!desk.Store.TryOpen(content.Id, from, out var reader)) return Task.FromResult<Stream?>(null);
        using (reader)
        {
            var bytes = new MemoryStream();
            while (reader.TryRead(out var some) && !some.IsEmpty)
            {
                bytes.Write(some.Span);
                reader.Advance(some.Length);
            }

            bytes.Position = 0;
            return Task.FromResult<Stream?>(OnTheWay(bytes));
        }
    }
}
