using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Granary.Language;

namespace Granary.Scenarios.Cluster;

/// <summary>Clients that ask for a set of popular URLs at a steady rate over all edges, and look at every byte they get.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const string Host = "Host: popular.example";
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1.5);
    private static readonly Regex Lifetime = new("; ttl=-?[0-9]+");

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<string> _slow = new();
    private readonly ConcurrentDictionary<string, int> _ways = new(StringComparer.Ordinal);
    private volatile bool _isOver;
    private readonly Changes _answers = new();
    private readonly Origin _origin;
    private readonly Client[] _clients;
    private readonly int _urls;
    private Task _asking = Task.CompletedTask;
    private int _answered;
    private long _slowest;

    private SteadyLoad(Origin origin, IEnumerable<EdgeProcess> edges, int urls)
    {
        (_origin, _urls) = (origin, urls);
        _clients = [.. edges.Select(edge => edge.Client())];
        for (var i = 0; i < urls; i++) origin.Answers(Path(i), 200, ["Cache-Control: max-age=3600"], ContentOf(i));
    }

    public static SteadyLoad On(Origin origin, IEnumerable<EdgeProcess> edges, int urls) => new(origin, edges, urls);

    public int Answered => Volatile.Read(ref _answered);

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Requests that the origin got for the set.</summary>
    public int AskedOfOrigin => Enumerable.Range(0, _urls).Sum(i => _origin.Requests(Path(i)).Count);

    /// <summary>From the sending of a request to the last byte of its answer.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    /// <summary>For a report: what came of it, in which ways (RFC 9211), and which of them were slow.</summary>
    public string Figures => string.Create(
        CultureInfo.InvariantCulture,
        $"{Answered} requests, {_failures.Count} failed, slowest {Slowest.TotalMilliseconds:F0} ms, {AskedOfOrigin} origin requests for {_urls} URLs\n{Lines(_ways.Select(static way => $"{way.Value} × {way.Key}"))}{Lines(_slow)}");

    /// <summary>Every URL is asked for so often that it is known as popular.</summary>
    public async Task Warms(int times)
    {
        for (var time = 0; time < times; time++)
            await Parallel.ForEachAsync(Enumerable.Range(0, _urls), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await Ask(i, _clients[(i + time) % _clients.Length]));
        Assert.Empty(_failures);
    }

    /// <param name="hot">One in so many requests goes round the set, all others are for its first URL; 1: all go round.</param>
    public void Begins(int perSecond, int hot = 1) => _asking = Ask(perSecond, next => next % hot == 0 ? next / hot % _urls : 0);

    /// <summary>So many more have been answered.</summary>
    public Task Answers(int more)
    {
        var goal = Answered + more;
        return _answers.Until(() => Answered >= goal, () => $"{Answered} of {goal} are answered; {string.Join('\n', _failures.Take(5))}");
    }

    public async Task Ends()
    {
        _isOver = true;
        await _asking.Within();
    }

    public static string UriOf(int i) => $"http://popular.example{Path(i)}";

    public void NobodyNoticed() => Assert.True(_failures.IsEmpty, $"{_failures.Count} of {Answered} failed: {string.Join('\n', _failures.Take(10))}");

    public async ValueTask DisposeAsync()
    {
        await Ends();
        foreach (var client in _clients) client.Dispose();
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(static line => line + '\n'));

    private static string Path(int i) => string.Create(CultureInfo.InvariantCulture, $"/popular/{i}");

    // Most are small; some come over the content port.
    private static string ContentOf(int i)
    {
        var line = Path(i) + "\n";
        return new StringBuilder().Insert(0, line, i % 20 == 7 ? 8_000 : 50).ToString();
    }

    private async Task Ask(int perSecond, Func<int, int> which)
    {
        var perBeat = (int)(perSecond * Beat.TotalSeconds);
        var under = new List<Task>();
        using var timer = new PeriodicTimer(Beat);
        for (var next = 0; !_isOver; next += perBeat)
        {
            for (var i = next; i < next + perBeat; i++) under.Add(Ask(which(i), _clients[i % _clients.Length]));
            under.RemoveAll(static task => task.IsCompleted);
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(under);
    }

    private async Task Ask(int i, Client client)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var way = "";
        try
        {
            var got = await client.Asks(Path(i), Host).Gets();
            way = Lifetime.Replace(got.CacheStatus, "");
            _ways.AddOrUpdate(way, 1, static (_, count) => count + 1);
            if (got.Status != 200 || got.Content != ContentOf(i)) _failures.Enqueue($"{Path(i)}: {got.Status.ToString(CultureInfo.InvariantCulture)}, {got.Content.Length} bytes, {got.CacheStatus}");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            _failures.Enqueue($"{Path(i)}: {broken.GetType().Name} {broken.Message}");
        }

        Took(TimeProvider.System.GetElapsedTime(begun), Path(i), way);
        Interlocked.Increment(ref _answered);
        _answers.Happen();
    }

    private void Took(TimeSpan took, string path, string way)
    {
        var ticks = took.Ticks;
        if (took > Slow && _slow.Count < 10) _slow.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{path} took {took.TotalMilliseconds:F0} ms: {way}"));
        for (var slowest = Volatile.Read(ref _slowest); ticks > slowest;)
        {
            var seen = Interlocked.CompareExchange(ref _slowest, ticks, slowest);
            if (seen == slowest) return;
            slowest = seen;
        }
    }
}
