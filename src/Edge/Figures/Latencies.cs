using System.Diagnostics.Metrics;

namespace Granary.Edge.Figures;

/// <summary>
/// How long the requests of about the last minute took, by outcome. What is listened to is the server's own <c>http.server.request.duration</c>, and only while somebody looks: else it costs nothing.
/// </summary>
internal sealed class Latencies : IDisposable
{
    private const string Duration = "http.server.request.duration";

    // Four for each doubling, from one microsecond to more than an hour: read to within a tenth.
    private const int Buckets = 128;
    private const int PerDoubling = 4;

    private readonly IMeterFactory _meters;
    private readonly Lock _gate = new();
    private readonly long[] _fresh = new long[OutcomeFigures.Words.Length * Buckets];
    private readonly double[] _kept = new double[OutcomeFigures.Words.Length * Buckets];
    private MeterListener? _listener;

    public Latencies(IMeterFactory meters) => _meters = meters;

    public bool IsOn => _listener is not null;

    public void Begin()
    {
        lock (_gate)
        {
            if (_listener is not null) return;
            var listener = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Name is Duration && ReferenceEquals(instrument.Meter.Scope, _meters)) listener.EnableMeasurementEvents(instrument);
                },
            };
            listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(seconds, tags));
            listener.Start();
            _listener = listener;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            Array.Clear(_fresh);
            Array.Clear(_kept);
        }
    }

    public void Fade()
    {
        lock (_gate)
            for (var i = 0; i < _kept.Length; i++) _kept[i] = (_kept[i] + Interlocked.Exchange(ref _fresh[i], 0)) * Fading.Kept;
    }

    /// <param name="word">The place among <see cref="OutcomeFigures.Words"/>; null for all.</param>
    public Percentiles? Of(int? word)
    {
        Span<double> counts = stackalloc double[Buckets];
        lock (_gate)
            for (var i = 0; i < _kept.Length; i++)
                if (word is null || i / Buckets == word) counts[i % Buckets] += _kept[i] + Volatile.Read(ref _fresh[i]);
        var total = 0.0;
        foreach (var count in counts) total += count;
        return total < 0.5 ? null : new Percentiles(At(counts, total * 0.5), At(counts, total * 0.95), At(counts, total * 0.99));
    }

    public void Dispose() => End();

    /// <summary>For a duration of a request whose outcome is among the tags; others are no matter of the cache.</summary>
    internal void Add(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
            if (name is DurationTag.Name && value is string word && OutcomeFigures.Words.IndexOf(word) is >= 0 and var index)
            {
                Interlocked.Increment(ref _fresh[index * Buckets + BucketOf(seconds)]);
                return;
            }
    }

    private static int BucketOf(double seconds) => (int)Math.Clamp(PerDoubling * Math.Log2(Math.Max(seconds, 1e-6) * 1e6), 0, Buckets - 1);

    /// <summary>In the middle of the bucket.</summary>
    private static TimeSpan At(ReadOnlySpan<double> counts, double rank)
    {
        var bucket = 0;
        for (var seen = counts[0]; seen < rank && bucket < Buckets - 1; seen += counts[bucket]) bucket++;
        return TimeSpan.FromMicroseconds(Math.Pow(2, (bucket + 0.5) / PerDoubling));
    }
}

internal readonly record struct Percentiles(TimeSpan P50, TimeSpan P95, TimeSpan P99);
