using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Placement;

namespace Granary.Edge.Owners;

/// <summary>The silos as this edge knows them, and which of them it has reason to doubt.</summary>
internal sealed class Silos(TimeProvider clock)
{
    /// <summary>A silo that did not answer through Orleans is not asked that way again for so long, unless it shows that it lives.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _doubted = new(StringComparer.Ordinal);
    private ImmutableArray<Member> _members = [];

    /// <summary>The last that was heard. Kept when nobody answers: those who come back are likely to be the same.</summary>
    public ImmutableArray<Member> Members
    {
        get => _members;
        set
        {
            ImmutableInterlocked.InterlockedExchange(ref _members, value);
            foreach (var name in _doubted.Keys.Except(value.Select(static member => member.Name))) _doubted.TryRemove(name, out _);
        }
    }

    /// <summary>The owner of the URI, its stand-in, and so on.</summary>
    public Member[] Ranked(string uri) => Rendezvous.Rank(uri, Members, static member => member.Name);

    public bool IsDoubted(Member member) => _doubted.TryGetValue(member.Name, out var since) && clock.GetElapsedTime(since) < Doubt;

    /// <returns>Whether this is news.</returns>
    public bool Doubts(Member member)
    {
        var isNews = !IsDoubted(member);
        _doubted[member.Name] = clock.GetTimestamp();
        return isNews;
    }

    public bool Trusts(Member member) => _doubted.TryRemove(member.Name, out _);
}
