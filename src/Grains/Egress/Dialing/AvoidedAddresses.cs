using System.Collections.Concurrent;
using System.Net;

namespace Granary.Grains.Egress.Dialing;

/// <summary>Which addresses could not be connected to lately. Bounded: when there is no room the oldest news is not worth more than none.</summary>
internal sealed class AvoidedAddresses(Func<TimeSpan> span, TimeProvider clock)
{
    internal const int Most = 4096;

    private readonly ConcurrentDictionary<IPEndPoint, long> _failedAt = new();

    public bool Has(IPEndPoint endPoint) => !_failedAt.IsEmpty && _failedAt.TryGetValue(endPoint, out var at) && clock.GetElapsedTime(at) < span();

    public void Failed(IPEndPoint endPoint)
    {
        if (span() == TimeSpan.Zero) return;
        if (_failedAt.Count >= Most) MakeRoom();
        if (_failedAt.Count < Most) _failedAt[endPoint] = clock.GetTimestamp();
    }

    public void Succeeded(IPEndPoint endPoint)
    {
        if (!_failedAt.IsEmpty) _failedAt.TryRemove(endPoint, out _);
    }

    private void MakeRoom()
    {
        foreach (var (endPoint, at) in _failedAt)
            if (clock.GetElapsedTime(at) >= span()) _failedAt.TryRemove(endPoint, out _);
    }
}
