using Granary.Grains.Groups;
using Granary.Grains.Members;
using Orleans.Runtime;

namespace Granary.Grains.Copies;

/// <summary>
/// A silo that has joined does not know which groups were invalidated before. It asks all others once it is a member: from then on it is told itself. Until all have
/// answered, or are no members any more, it takes no copies that have groups.
/// </summary>
internal sealed class GroupsLearning(IFellowship fellowship, GroupEpochs epochs, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private volatile bool _areKnown = fellowship is Alone;

    public bool AreKnown => _areKnown;

    /// <summary>Once this silo is active.</summary>
    public async Task Learn(CancellationToken cancellationToken = default)
    {
        var asked = new HashSet<SiloAddress>();
        await fellowship.Refresh();
        while (true)
        {
            var left = fellowship.All.Where(fellow => !fellowship.IsSelf(fellow) && !asked.Contains(fellow.Address)).ToArray();
            if (left.Length == 0) break;
            var answered = await Task.WhenAll(left.Select(Ask));
            foreach (var fellow in answered) if (fellow is not null) asked.Add(fellow.Address);
            if (answered.Contains(null)) await Task.Delay(Pause, clock, cancellationToken);
        }

        _areKnown = true;
    }

    private async Task<Fellow?> Ask(Fellow fellow)
    {
        try
        {
            epochs.Learn(await fellowship.Of(fellow).InvalidatedGroups().WaitAsync(Patience, clock));
            return fellow;
        }
        catch (Exception) // of whatever kind: it comes from beyond a boundary, and until all have answered this silo takes no copies
        {
            return null;
        }
    }
}
