using System.Collections.Immutable;

namespace Granary.Edge.Figures;

/// <summary>
/// The counts of the last five minutes, read ten times a minute from where they are kept in any case; and while somebody looks, what costs a request something: durations and URLs.
/// </summary>
internal sealed class RecentFigures(OutcomeFigures outcomes, Latencies latencies, HotUrls urls, TimeProvider clock) : IHostedService, IDisposable
{
    private const int Kept = 51;

    private const int InMinute = 10;

    /// <summary>Whoever looks asks again before that.</summary>
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private ImmutableArray<Moment> _moments = [];
    private ITimer? _timer;
    private long _lookedAt;

    public long Began { get; private set; } = clock.GetTimestamp();

    /// <summary>Oldest first; the last is the latest tick.</summary>
    public ImmutableArray<Moment> Moments
    {
        get
        {
            lock (_gate) return _moments;
        }
    }

    public Moment Now => new(clock.GetTimestamp(), outcomes.Read());

    public Latencies Latencies => latencies;

    public HotUrls Urls => urls;

    /// <summary>About a minute ago, or the start if that is later.</summary>
    public Moment MinuteAgo
    {
        get
        {
            var moments = Moments;
            return moments.IsEmpty ? Now : moments[Math.Max(0, moments.Length - InMinute)];
        }
    }

    /// <summary>Somebody looks.</summary>
    public void Look()
    {
        Volatile.Write(ref _lookedAt, clock.GetTimestamp());
        latencies.Begin();
        urls.Begin();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        (Began, _moments) = (clock.GetTimestamp(), [Now]);
        _timer = clock.CreateTimer(static figures => ((RecentFigures)figures!).Tick(), this, Fading.Tick, Fading.Tick);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            _moments = [.. _moments.Length < Kept ? _moments : _moments.RemoveAt(0), Now];
            if (!urls.IsOn) return;
            if (clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) < Attention)
            {
                latencies.Fade();
                urls.Fade();
                return;
            }
        }

        latencies.End();
        urls.End();
    }
}

/// <param name="At">By the monotonic clock.</param>
/// <param name="Counts">Since the start, in the order of <see cref="OutcomeFigures.Words"/>.</param>
internal sealed record Moment(long At, ImmutableArray<OutcomeCount> Counts)
{
    /// <summary>Requests in all.</summary>
    public long Requests => Counts.Sum(static count => count.Requests);

    public long Content => Counts.Sum(static count => count.Content);

    public long Hits => Counts[0].Requests;

    public static Moment operator -(Moment now, Moment then) => new(now.At - then.At, [.. now.Counts.Zip(then.Counts, static (a, b) => a - b)]);
}
