using System.Globalization;

namespace Granary.Scenarios.Consistency;

/// <summary>How long something took, each time.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];

    public int Count
    {
        get
        {
            lock (_gate) return _milliseconds.Count;
        }
    }

    public void Add(TimeSpan took)
    {
        lock (_gate) _milliseconds.Add(took.TotalMilliseconds);
    }

    /// <summary>In milliseconds; 0 of nothing.</summary>
    public double Percentile(double share)
    {
        lock (_gate)
        {
            if (_milliseconds.Count == 0) return 0;
            _milliseconds.Sort();
            return _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(share * _milliseconds.Count))];
        }
    }

    /// <summary>Median, 99th percentile and worst, as cells of a table.</summary>
    public string Cells => string.Create(CultureInfo.InvariantCulture, $"{Count} | {Percentile(0.5):F1} | {Percentile(0.99):F1} | {Percentile(1):F1}");
}
