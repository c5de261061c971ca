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
    /// <summary>Null for a whole response; else its content is a part of it only.</summary>
    public PartPosition? Part { get; init; }

    /// <summary>The groups through which it can be invalidated (RFC 9875, surrogate keys); null if there are none.</summary>
    public Membership? Membership { get; init; }

    /// <summary>The 103s that came before it, if they are remembered (RFC 8297).</summary>
    public ImmutableArray<ResponseHead> EarlyHints { get; init; } = [];

    /// <summary>What its content is a copy of; null where it was fetched.</summary>
    public CopySource? Source { get; init; }

    public bool IsInvalidated(GroupEpochs epochs) => Membership?.IsInvalidated(epochs) == true;

    /// <summary>Estimate of what keeping this costs beside its content's blocks.</summary>
    public long MetadataBytes => MetadataEstimate.Of(this);
}
