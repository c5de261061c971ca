using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// A silo that is about to leave gives all that it keeps to those who own it next, hottest first; what they are known to have already comes last, in case they have
/// dropped it since. Its contents are over when this is.
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
        var all = InOrder();
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = over.Token }, (kept, _) => Give(kept, within, tally, over.Token));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }

        return Reported(tally.Report(all.Count, _clock.GetElapsedTime(began)));
    }

    private List<Kept> InOrder()
    {
        if (_fellowship is Alone) return [];
        var hottest = _store.Hottest();
        return [.. hottest.Where(kept => !IsThere(kept)), .. hottest.Where(IsThere)];
    }

    private bool IsThere(Kept kept) =>
        kept.Variant.Content.GivenAway is { To.IsEmpty: false } given && ReferenceEquals(given.Variant, kept.Variant) && Next(kept) is { } next && given.To.Contains(next.Address);

    private Fellow? Next(Kept kept) => _fellowship.RankedOthers(kept.Key).FirstOrDefault();

    private async ValueTask Give(Kept kept, TimeSpan within, Tally tally, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || Next(kept) is not { } next) return;
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
        private int _given, _there, _refused;
        private long _bytes;

        public void Count(CopyOutcome? outcome, long bytes)
        {
            if (outcome is CopyOutcome.Taken) Interlocked.Add(ref _bytes, bytes);
            Interlocked.Increment(ref outcome is CopyOutcome.Taken ? ref _given : ref outcome is CopyOutcome.HasAsGood ? ref _there : ref _refused);
        }

        public HandOverReport Report(int all, TimeSpan duration) => new(_given, _there, _refused, all - _given - _there - _refused, _bytes, duration);
    }
}
