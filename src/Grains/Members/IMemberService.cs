using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Orleans.Runtime;
using Orleans.Services;

namespace Granary.Grains.Members;

/// <summary>What each silo does for the others. Addressed by silo, not through the directory, so it works while grains move.</summary>
[Alias("granary.IMemberService")]
public interface IMemberService : IGrainService
{
    /// <summary>What this silo is; also the proof that it lives.</summary>
    [Alias("Describe")]
    Task<Member> Describe();

    /// <summary>What the owner of the URI answers, which this silo is, as its grain would.</summary>
    [Alias("Ask")]
    Task<Answer> Ask(string uri, Question question);

    /// <summary>
    /// Afterwards nothing that this silo stored of the URI before is reused, nor is a fetch or a copy that was under way stored (P2). What it granted to edges is recalled: that may take one lease.
    /// </summary>
    /// <returns>How many stored responses were removed.</returns>
    [Alias("Invalidate")]
    Task<int> Invalidate(string uri);

    /// <summary>The same for groups.</summary>
    /// <param name="number">The number of this invalidation, common to all silos.</param>
    [Alias("InvalidateGroups")]
    Task InvalidateGroups(ImmutableArray<string> groups, long number);

    /// <summary>The same for several URIs.</summary>
    /// <param name="isSoft">They are stale afterwards, and not gone.</param>
    /// <returns>How many stored responses were hit.</returns>
    [Alias("InvalidateUris")]
    Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft);

    /// <summary>The same for groups, hosts, prefixes and all.</summary>
    /// <param name="number">The number of this invalidation, common to all silos.</param>
    /// <returns>The number of the last one until then: that of this one must be higher, or what was fetched here meanwhile is not hit.</returns>
    [Alias("InvalidateScope")]
    Task<long> InvalidateScope(Scope scope, bool isSoft, long number);

    /// <summary>The number of the last invalidation of groups that it was told.</summary>
    [Alias("LastInvalidation")]
    Task<long> LastInvalidation();

    /// <summary>All that it knows of invalidated groups.</summary>
    [Alias("InvalidatedGroups")]
    Task<EpochsKnown> InvalidatedGroups();

    /// <summary>Offers a copy. It asks the giver what of it is still stored, reads the content from there, and answers when it has it, or after a while that it still arrives.</summary>
    [Alias("TakeCopy")]
    Task<CopyOutcome> TakeCopy(SiloAddress giver, StoredCopy copy);

    /// <summary>All that is stored there of the URI.</summary>
    [Alias("Find")]
    Task<ImmutableArray<StoredCopy>> Find(string uri);

    /// <summary>What is stored there of the URI now with that content; null if it is no longer there or was invalidated.</summary>
    [Alias("Confirm")]
    Task<StoredCopy?> Confirm(string uri, long contentId);

    /// <summary>What this silo knows of these keys, for people.</summary>
    [Alias("Explain")]
    Task<ExplainedPlace> Explain(ImmutableArray<string> keys);

    /// <summary>How long ago it last lost a silo that may have granted leases; null if it never did, zero if it has not seen as much of the members as the asker.</summary>
    /// <param name="version">Of the members as the asker knows them.</param>
    [Alias("SinceLoss")]
    Task<TimeSpan?> SinceLoss(long version);

    /// <summary>What this silo knows of the fence of another, which cannot look at Redis itself (decision 0012).</summary>
    /// <param name="silo">As the membership table names it.</param>
    /// <param name="heard">What it has heard, as <see cref="FenceState"/> is written.</param>
    [Alias("Vouch")]
    Task<Vouch> Vouch(string silo, string heard);

    /// <summary>That silo has ended all that it granted, and grants nothing any more: nobody need wait for its leases when it is gone.</summary>
    [Alias("LeavesWithoutLeases")]
    Task LeavesWithoutLeases(SiloAddress silo);
}
