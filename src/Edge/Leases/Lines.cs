using System.Collections.Immutable;
using Granary.Edge.Owners;
using Granary.Grains.Members;
using Granary.Silo.Configuration;

namespace Granary.Edge.Leases;

/// <summary>Reads which silos are active by the membership table: the keys of their rows.</summary>
internal delegate Task<IReadOnlySet<string>> ReadActive(CancellationToken cancellationToken);

/// <summary>
/// A line for each silo. Once a second: (1) begin lines to silos that came, end those to silos that went  (2) read the membership table, and trust those that are active in it for one lease more; for silos
/// without mandate, of an older version or not registered yet
/// (3) say what changed, and give memory back.
/// </summary>
internal sealed class Lines(string edge, Silos silos, ISiloCalls calls, ReadActive readActive, LeasedCopies copies, Demand demand, Func<LeaseSettings> settings, TimeProvider clock, ILogger<Lines> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Rounds without a word of a silo before its line ends: the list of members may lack one for a moment, and with its line go its copies.</summary>
    private const int RoundsAbsent = 3;

    private const int RoundsToTidy = 5;

    private readonly Dictionary<string, int> _absent = [];
    private ImmutableDictionary<string, Line> _lines = ImmutableDictionary.Create<string, Line>(StringComparer.Ordinal);
    private Task _reading = Task.CompletedTask;
    private bool _isUnread;
    private int _rounds;
    private int _wereUp;
    private long _halved = clock.GetTimestamp();

    /// <summary>Sessions that last.</summary>
    public int Sessions => _lines.Values.Count(static line => line.IsUp);

    /// <summary>By endpoint, and so by process: a silo that was started again has another one.</summary>
    public Line? Of(Member silo) => _lines.GetValueOrDefault(silo.Endpoint);

    /// <summary>One round.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        await Follow(silos.Members);                                                                              // (1)
        if (_reading.IsCompleted && _lines.Values.Any(static line => !line.IsMandated)) _reading = Read(cancellationToken);                         // (2)
        foreach (var line in _lines.Values) line.TellState();                                                    // (3)
        Tidy();
    }

    /// <summary>When the last reading of the table is over.</summary>
    internal Task HasRead => _reading;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_lines.Values.Select(static line => line.DisposeAsync().AsTask()));
        _lines = _lines.Clear();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do await Look(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
    }

    private async Task Follow(ImmutableArray<Member> members)
    {
        foreach (var silo in members)
        {
            _absent.Remove(silo.Endpoint);
            if (!_lines.ContainsKey(silo.Endpoint)) Begin(silo);
        }

        foreach (var (endpoint, line) in _lines)
            if (!members.Contains(line.Silo) && (_absent[endpoint] = _absent.GetValueOrDefault(endpoint) + 1) >= RoundsAbsent) await End(endpoint, line);
    }

    private void Begin(Member silo)
    {
        var line = new Line(edge, silo, calls, copies, clock, logger);
        _lines = _lines.Add(silo.Endpoint, line);
        line.Begin();
    }

    private async Task End(string endpoint, Line line)
    {
        _lines = _lines.Remove(endpoint);
        _absent.Remove(endpoint);
        await line.DisposeAsync();
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(settings().Duration, clock); // later it would say nothing any more
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var active = await readActive(either.Token);
            foreach (var line in _lines.Values)
                if (line.Row is { } row && active.Contains(row)) line.IsActive(began);
            _isUnread = false;
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary, and costs hits only
        {
            if (!_isUnread && !cancellationToken.IsCancellationRequested) logger.TableUnread(fault.GetType().Name);
            _isUnread = true;
        }
    }

    private void Tidy()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_halved, now) >= settings().Duration)
        {
            demand.Halve();
            _halved = now;
        }

        var up = Sessions;
        if (++_rounds % RoundsToTidy == 0 || up < _wereUp) copies.Tidy();
        _wereUp = up;
    }
}
