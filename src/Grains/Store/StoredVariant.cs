using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Semantics;
using Granary.Semantics.Messages;

namespace Granary.Grains.Store;

/// <summary>One stored response of a key with its content.</summary>
/// <param name="ReceivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> when the response was received: age grows on the monotonic clock.</param>
public sealed record StoredVariant(StoredResponse Response, Content Content, long ReceivedTimestamp)
{
    private readonly Rare? _rare;
    private readonly Membership _membership = Groups.Membership.Unknown;
    private readonly string? _endpoint;
    private readonly long _sourceId;
    private long _current = -1;

    /// <summary>Null for a whole response; else its content is a part of it only.</summary>
    public PartPosition? Part
    {
        get => _rare?.Part;
        init => _rare = Rare.Of(_rare, value, EarlyHints, Elsewhere, IsOutdated);
    }

    /// <summary>The groups through which it can be invalidated (RFC 9875, surrogate keys), and since when; null if that is not known, as of a copy from a silo of an older version.</summary>
    public Membership? Membership
    {
        get => _membership.IsKnown ? _membership : null;
        init => (_membership, _current) = (value ?? Groups.Membership.Unknown, -1);
    }

    /// <summary>The 103s that came before it, if they are remembered (RFC 8297).</summary>
    public ImmutableArray<ResponseHead> EarlyHints
    {
        get => _rare?.EarlyHints ?? [];
        init => _rare = Rare.Of(_rare, Part, value, Elsewhere, IsOutdated);
    }

    /// <summary>What its content is a copy of; null where it was fetched.</summary>
    public CopySource? Source
    {
        get => _endpoint is null ? null : new CopySource(_sourceId, _endpoint);
        init => (_endpoint, _sourceId) = (value?.Endpoint, value?.Id ?? 0);
    }

    /// <summary>A soft invalidation has made it stale: only a validation that began later makes it fresh, no HEAD does.</summary>
    public bool IsOutdated
    {
        get => _rare?.IsOutdated == true;
        init => _rare = Rare.Of(_rare, Part, EarlyHints, Elsewhere, value);
    }

    /// <summary>Where the content lies, if it is not here: an edge has the head, and segments of the content at most. Null for content in this store.</summary>
    internal ContentElsewhere? Elsewhere
    {
        get => _rare?.Elsewhere;
        init => _rare = Rare.Of(_rare, Part, EarlyHints, value, IsOutdated);
    }

    public bool IsInvalidated(GroupEpochs epochs) => In(epochs) == Standing.Invalidated;

    /// <summary>What invalidations since its fetch began make of it. Where nobody said when that was, all count. Free as long as nothing was invalidated since it was asked last.</summary>
    public Standing In(GroupEpochs epochs) => _membership.In(epochs, Response.TargetUri, ref _current);

    /// <summary>The same, stale from that moment on by the monotonic clock; from the beginning where it is not known.</summary>
    internal StoredVariant Outdated(long? at, TimeProvider clock) => this with
    {
        Response = at is null || at < ReceivedTimestamp ? Response.Outdated() : Response.OutdatedAt(Response.AgeAfter(clock.GetElapsedTime(ReceivedTimestamp, at.Value))),
        IsOutdated = true,
    };

    /// <summary>Estimate of what keeping this costs beside its content's blocks.</summary>
    public long MetadataBytes => MetadataEstimate.Of(this);

    /// <summary>What most stored responses do not have, so that they need no room for it.</summary>
    private sealed record Rare(PartPosition? Part, ImmutableArray<ResponseHead> EarlyHints, ContentElsewhere? Elsewhere, bool IsOutdated)
    {
        public static Rare? Of(Rare? before, PartPosition? part, ImmutableArray<ResponseHead> hints, ContentElsewhere? elsewhere, bool isOutdated)
        {
            if (part is null && hints.IsDefaultOrEmpty && elsewhere is null && !isOutdated) return null;
            var now = new Rare(part, hints.IsDefault ? [] : hints, elsewhere, isOutdated);
            return now == before ? before : now;
        }
    }
}
