using System.Globalization;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>Readers at all edges, writers, and a saboteur, until enough has been read and purged and broken. Writers keep pace with the readers, so that there is something to purge.</summary>
internal sealed class HistoryRun : IDisposable
{
    private const int ReadersPerEdge = 3, Writers = 4;

    private readonly Extent _size;
    private readonly Places _places;
    private readonly History _history;
    private readonly Site _site;
    private readonly Attention _attention;
    private readonly Saboteur _saboteur;
    private readonly Tally _tally = new();
    private readonly PurgeReport _purges = new();
    private readonly SemaphoreSlim _turns = new(0);
    private readonly Dictionary<EdgeProcess, double> _leased = [];
    private readonly int _seed;
    private readonly int _readsPerPurge;
    private int _readsBegun;

    public HistoryRun(Origin origin, Places places, Extent size, int seed)
    {
        (_size, _places, _seed) = (size, places, seed);
        _history = new History(size.Resources, TimeProvider.System);
        _site = Site.On(origin, _history, "", size.Resources);
        _attention = new Attention(_site.Resources);
        _saboteur = new Saboteur(places, _history, new Random(seed));
        _readsPerPurge = size.Reads / size.Purges;
    }

    /// <summary>Nothing stale was read (P2), and no bytes of two answers in one (P4).</summary>
    public bool IsClean => _history.Stale.Count == 0 && _tally.Torn.IsEmpty;

    /// <summary>All was read, purged and broken that was to be.</summary>
    public bool IsWhole => _history.Reads >= _size.Reads && _purges.Acknowledged >= _size.Purges && _saboteur.Faults >= _size.Faults;

    private bool IsOver => !IsClean || IsWhole || _history.Seconds > _size.Patience.TotalSeconds;

    public async Task Ends()
    {
        var reading = Enumerable.Range(0, _places.Edges * ReadersPerEdge).Select(i => Task.Run(() => Reads(i))).ToArray();
        var writing = Enumerable.Range(0, Writers).Select(i => Task.Run(() => Writes(i))).ToArray();
        await Breaks();
        await Task.WhenAll(reading);
        _turns.Release(Writers); // whoever waits for readers sees that it is over
        await Task.WhenAll(writing).Within();
    }

    public void Dispose() => _turns.Dispose();

    private async Task Reads(int i)
    {
        var random = new Random(_seed * 1_000 + i);
        using var reader = new Reader(i % _places.Edges, _places, _history, _tally);
        while (!IsOver)
        {
            if (Interlocked.Increment(ref _readsBegun) % _readsPerPurge == 0) _turns.Release();
            await reader.Reads(_attention.Next(random), Site.Languages[random.Next(2)]);
        }

        await reader.Ends();
    }

    private async Task Writes(int i)
    {
        using var writer = new Writer(_site, _history, _places, _attention, _saboteur, _purges, new Random(_seed * 1_000 + 500 + i));
        Reader[] readers = [.. Enumerable.Range(0, _places.Edges).Select(place => new Reader(place, _places, _history, _tally))];
        while (!IsOver)
        {
            await _turns.WaitAsync();
            await writer.Purges(readers);
        }

        foreach (var reader in readers)
        {
            await reader.Ends();
            reader.Dispose();
        }
    }

    private async Task Breaks()
    {
        var pauses = new Random(_seed + 1);
        while (!IsOver)
        {
            await Wait.For(TimeSpan.FromSeconds(1 + pauses.NextDouble() * 2)); // all is well meanwhile
            if (IsClean) await _saboteur.Strikes(_size.LongestFreeze);
            await LooksAtLeases();
            Report.Writes(Table());
        }
    }

    // Of an edge that was killed, what it said last.
    private async Task LooksAtLeases()
    {
        for (var place = 0; place < _places.Edges; place++)
            if (_places.Edge(place) is { } edge) _leased[edge] = await edge.Health.Metric("granary_leases_answered_total");
    }

    public string Table() => string.Join('\n', [
        string.Create(CultureInfo.InvariantCulture, $"seed {_seed}, {_size.Silos} silos, {_size.Edges} edges, {_history.Seconds:F0} s"),
        "",
        "| purges acknowledged | count | p50 ms | p99 ms | worst ms |",
        "| --- | ---: | ---: | ---: | ---: |",
        $"| all members healthy | {_purges.Healthy.Cells} |",
        $"| one of them away | {_purges.WithAFault.Cells} |",
        "",
        "| | |",
        "| --- | ---: |",
        $"| purges, by kind | {string.Join(", ", _purges.ByKind.OrderByDescending(static kind => kind.Value).Select(static kind => $"{kind.Key} {kind.Value}"))} |",
        $"| refused | {Counts(_purges.Refused)} |",
        $"| without an answer (process gone) | {_purges.Left} |",
        $"| faults | {_saboteur.Faults} |",
        string.Create(CultureInfo.InvariantCulture, $"| reads | {_history.Reads} ({_history.Reads / _history.Seconds:F0}/s) |"),
        string.Create(CultureInfo.InvariantCulture, $"| hits | {100.0 * _tally.Hits / Math.Max(1, _tally.Whole):F1} % |"),
        string.Create(CultureInfo.InvariantCulture, $"| of them from leased copies | {100.0 * _leased.Values.Sum() / Math.Max(1, _tally.Hits):F0} % |"),
        $"| past the cache (no silo answered) | {_tally.Passed} |",
        $"| errors | {Counts(_tally.Errors)} |",
        $"| visibly cut | {_tally.Cut} |",
        $"| without an answer (edge gone) | {_tally.Unanswered} |",
        $"| torn | {_tally.Torn.Count} |",
        $"| **stale** | **{_history.Stale.Count}** |",
        "",
        .. _saboteur.Log,
        .. _history.Stale.Take(20).Select(static stale => "STALE " + stale),
        .. _tally.Torn.Take(20).Select(static torn => "TORN " + torn),
    ]);

    private static string Counts(IEnumerable<KeyValuePair<int, int>> counts) =>
        string.Join(", ", counts.OrderBy(static count => count.Key).Select(static count => $"{count.Key}: {count.Value}")) is { Length: > 0 } some ? some : "0";
}
