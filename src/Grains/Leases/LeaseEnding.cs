using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Leases;

/// <summary>
/// The leases of a silo that leaves: (1) no more of them  (2) every edge lets go of what it holds, and says so, or its session runs out  (3) the others are told: they need not wait for it. Cut short, they do.
/// </summary>
public sealed class LeaseEnding
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Sessions _sessions;
    private readonly IFellowship _fellowship;
    private readonly TimeProvider _clock;
    private readonly ILogger<LeaseEnding> _logger;

    internal LeaseEnding(Sessions sessions, IFellowship fellowship, TimeProvider clock, ILogger<LeaseEnding> logger) =>
        (_sessions, _fellowship, _clock, _logger) = (sessions, fellowship, clock, logger);

    public async Task Run(CancellationToken cancellationToken = default)
    {
        var ended = _sessions.Leave().Select(static session => session.End()).OfType<Receipt>().ToArray();   // (1)
        foreach (var receipt in ended) await receipt.Wait(_clock, cancellationToken);                         // (2)
        if (Self() is { } self) await Task.WhenAll(_fellowship.All.Where(fellow => fellow != self).Select(fellow => Tell(fellow, self.Address))); // (3)
    }

    private Fellow? Self() => _fellowship.All.FirstOrDefault(_fellowship.IsSelf);

    private async Task Tell(Fellow fellow, SiloAddress self)
    {
        try
        {
            await _fellowship.Of(fellow).LeavesWithoutLeases(self).WaitAsync(Patience, _clock);
        }
        catch (Exception) // of whatever kind: it comes from beyond a boundary
        {
            _logger.FellowDoesNotKnow(fellow.Name);
        }
    }
}
