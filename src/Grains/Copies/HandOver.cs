using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// A silo that is about to leave gives all that it keeps to those who own it next: what it owns first, then copies, whose owners should have them, and last what the next are known to have,
/// in case they have dropped it since; hottest first. Then once more what came meanwhile. All contents are over when this is.
/// </summary>
public sealed class HandOver
{
    private const int AtATime = 16;

    private readonly IFellowship _fellowship;
    private readonly CopyOffering _offering;
    private readonly ResponseStore _store;
    private readonly TimeProvider _clock;
    private readonly CopyMeter _meter;
    private readonly ILogger<HandOver> _logger;

    internal HandOver(IFellowship fellowship, CopyOffering offering, ResponseStore store, TimeProvider clock, CopyMeter meter, ILogger<HandOver> logger) =>
        (_fellowship, _offering, _store, _clock, _meter, _logger) = (fellowship, offering, store, clock, meter, logger);

    /// <param name="within">After this nothing more is offered, and what still arrives elsewhere is not waited for.</param>
    public async Task<HandOverReport> Run(TimeSpan within, CancellationToken cancellationToken = default)
    {
        var began = _clock.GetTimestamp();
        var tally = new Tally();
        using var late = new CancellationTokenSource(within, _clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        foreach (var since in new[] { long.MinValue, began }) await Give(InOrder(since), within, tally, over.Token);
        return Reported(tally.Report(_clock.GetElapsedTime(began)));
    }

    private async Task Give(List<(Kept Kept, Fellow Next)> all, TimeSpan within, Tally tally, CancellationToken over)
    {
        tally.Counts(all.Count);
        try
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = over };
            await Parallel.ForEachAsync(all, limits, (one, _) => Give(one.Kept, one.Next, within, tally, over));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // What is left, whoever owns it next asks for while this silo answers.
        }
    }

    private List<(Kept Kept, Fellow Next)> InOrder(long since)
    {
        if (_fellowship is Alone) return [];
        var inTurns = new List<(Kept, Fellow)>[] { [], [], [] };
        foreach (var kept in _store.Hottest())
        {
            if (kept.Variant.ReceivedTimestamp <= since) continue;
            var ranked = _fellowship.Ranked(kept.Key);
            if (Array.Find(ranked, fellow => !_fellowship.IsSelf(fellow)) is not { } next) continue;
            var turn = IsWith(next, kept.Variant) ? 2 : _fellowship.IsSelf(ranked[0]) ? 0 : 1;
            inTurns[turn].Add((kept, next));
        }

        return [.. inTurns[0], .. inTurns[1], .. inTurns[2]];
    }

    private static bool IsWith(Fellow next, StoredVariant variant) =>
        variant.Content.GivenAway is { } given && ReferenceEquals(given.Variant, variant) && given.To.Contains(next.Address);

    private async ValueTask Give(Kept kept, Fellow next, TimeSpan within, Tally tally, CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return;
        var outcome = await _offering.Offer(next, kept, within, stop);
        if (outcome is null && !stop.IsCancellationRequested) outcome = await _offering.Offer(next, kept, within, stop); // once more: a call may be lost
        if (!stop.IsCancellationRequested || outcome is not null) tally.Count(outcome, kept.Variant.Content.Length ?? 0);
    }

    private HandOverReport Reported(HandOverReport report)
    {
        _meter.HandedOver(report.Duration);
        _logger.HandedOver(report.Given, report.Bytes, report.Duration, report.There, report.Refused, report.Left);
        return report;
    }

    private sealed class Tally
    {
        private int _all, _given, _there, _refused;
        private long _bytes;

        public void Counts(int more) => _all += more;

        public void Count(CopyOutcome? outcome, long bytes)
        {
            if (outcome is CopyOutcome.Taken) Interlocked.Add(ref _bytes, bytes);
            Interlocked.Increment(ref outcome is CopyOutcome.Taken ? ref _given : ref outcome is CopyOutcome.HasAsGood ? ref _there : ref _refused);
        }

        public HandOverReport Report(TimeSpan duration) => new(_given, _there, _refused, _all - _given - _there - _refused, _bytes, duration);
    }
}
