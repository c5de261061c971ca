using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Runtime;

namespace Granary.Grains.Members;

/// <summary>Knows the endpoints of the silos: asks each once, and keeps what it said as long as it is a member.</summary>
internal sealed class MemberDirectory(IFellowship fellowship, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<SiloAddress, Member> _known = new();

    /// <summary>The active silos; without those that do not say what they are in time.</summary>
    public async Task<ImmutableArray<Member>> Current()
    {
        var active = fellowship.Active;
        foreach (var gone in _known.Keys.Except(active.Select(static fellow => fellow.Address))) _known.TryRemove(gone, out _);
        var members = await Task.WhenAll(active.Select(Describe));
        return [.. members.OfType<Member>().OrderBy(static member => member.Name, StringComparer.Ordinal)];
    }

    private async Task<Member?> Describe(Fellow fellow)
    {
        if (_known.TryGetValue(fellow.Address, out var known)) return known;
        try
        {
            return _known[fellow.Address] = await fellowship.Of(fellow).Describe().WaitAsync(Patience, clock);
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
