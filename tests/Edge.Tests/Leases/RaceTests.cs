using System.Globalization;
using Granary.Edge.Leases;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>Real threads: some ask for leases, some read, one changes the response and recalls it. What is read is never older than the last recall that was over before the read began (P2).</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";
    private const int Versions = 1500;

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloDesk _silo;
    private readonly LeasingEdge _edge;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _granted;
    private int _floor;
    private int _reads;
    private int _taken;

    public RaceTests()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, null, _silo);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task Nothing_that_was_recalled_is_read_after_its_recall()
    {
        _silo.After = async call =>
        {
            if (call is not MemberCall.Lease) return;
            if (Interlocked.Increment(ref _granted) % 3 == 0) await Volatile.Read(ref _changed).Task; // on its way while it is recalled
            else await Task.Yield();
        };
        _silo.Keeps(Uri, "x", 3600, "X-Version: 0");
        await _edge.Polls();
        using var over = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Lease(over.Token))), .. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Read(over.Token)))];
        for (var version = 1; version <= Versions; version++)
        {
            Change(version);
            Volatile.Write(ref _floor, version);
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            var taken = Volatile.Read(ref _taken);
            for (var turns = 0; turns < 1000 && Volatile.Read(ref _taken) < taken + version % 3; turns++) await Task.Yield();
        }

        await over.CancelAsync();
        _silo.After = static _ => Task.CompletedTask;
        _changed.SetResult();
        await Task.WhenAll(others);
        Assert.True(_reads > 100 && _taken > Versions / 4, $"{_reads} reads of {_taken} leases: too few to say anything.");
    }

    // As a silo does: it applies it, recalls it, and is done when that was heard.
    private void Change(int version)
    {
        var session = _edge.Line().Session!;
        if (version % 2 == 0)
        {
            _silo.Store.Remove(Uri);
            _silo.Keeps(Uri, "x", 3600, $"X-Version: {version}");
            _edge.Copies.Hear(new Recall.Uris([Uri]), session);
            return;
        }

        var number = _silo.Epochs.Now + 1;
        _silo.Epochs.Invalidate(new Scope.Prefix(Uri), isSoft: false, number);
        _silo.Keeps(Uri, "x", 3600, $"X-Version: {version}");
        _edge.Copies.Hear(new Recall.Numbered(new Scope.Prefix(Uri), false, number), session);
    }

    private async Task Lease(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            if (await _edge.Leases(Uri) == "taken") Interlocked.Increment(ref _taken);
    }

    private void Read(CancellationToken over)
    {
        var question = LeasingEdge.Question("GET", Uri);
        while (!over.IsCancellationRequested)
        {
            var floor = Volatile.Read(ref _floor);
            if (_edge.Copies.Reuse(Uri, question, out Held? _) is not { } answer) continue;
            var version = int.Parse(answer.Head.Fields.First("X-Version")!, CultureInfo.InvariantCulture);
            Assert.True(version >= floor, $"Version {version} was read after {floor} had been told to be the oldest.");
            Interlocked.Increment(ref _reads);
        }
    }
}
