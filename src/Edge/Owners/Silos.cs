using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Grains.Placement;

namespace Granary.Edge.Owners;

/// <summary>
/// The silos as this edge knows them, and which of them it has reason to doubt: one that is doubted does not answer through Orleans, one that is silent does not answer
/// what is asked of it directly either. Any answer from it ends both.
/// </summary>
internal sealed class Silos(TimeProvider clock)
{
    /// <summary>A silo that did not answer in one way is not asked in that way again for so long, unless it shows that it lives.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _doubted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _silent = new(StringComparer.Ordinal);
    private ImmutableArray<Member> _members = [];

    /// <summary>The last that was heard. Kept when nobody answers: those who come back are likely to be the same.</summary>
    public ImmutableArray<Member> Members
    {
        get => _members;
        set
        {
            ImmutableInterlocked.InterlockedExchange(ref _members, value);
            foreach (var name in _doubted.Keys.Union(_silent.Keys).Except(value.Select(static member => member.Name))) Forget(name);
        }
    }

    /// <summary>The owner of the URI, its stand-in, and so on.</summary>
    public Member[] Ranked(string uri) => Rendezvous.Rank(uri, Members, static member => member.Name);

    public bool IsDoubted(Member member) => IsRecent(_doubted, member);

    /// <summary>Whoever asks it waits in vain.</summary>
    public bool IsSilent(Member member) => IsRecent(_silent, member);

    /// <returns>Whether this is news.</returns>
    public bool Doubts(Member member)
    {
        var isNews = !IsDoubted(member);
        _doubted[member.Name] = clock.GetTimestamp();
        return isNews;
    }

    /// <summary>The silo with that content port did not answer there.</summary>
    public void Doubts(string endpoint)
    {
        foreach (var member in Members)
            if (member.Endpoint == endpoint) Doubts(member);
    }

    /// <summary>It does not show that it lives: in whatever way it was doubted, it is for some time more. It takes more than such a short look to be doubted in another.</summary>
    public void StillDoubts(Member member)
    {
        if (IsDoubted(member)) Doubts(member);
        if (IsSilent(member)) HearsNothingOf(member);
    }

    public void HearsNothingOf(Member member) => _silent[member.Name] = clock.GetTimestamp();

    public void Hears(Member member) => _silent.TryRemove(member.Name, out _);

    /// <returns>Whether it was doubted.</returns>
    public bool Trusts(Member member) => Forget(member.Name);

    private bool Forget(string name)
    {
        _silent.TryRemove(name, out _);
        return _doubted.TryRemove(name, out _);
    }

    private bool IsRecent(ConcurrentDictionary<string, long> since, Member member) =>
        since.TryGetValue(member.Name, out var moment) && clock.GetElapsedTime(moment) < Doubt;
}
