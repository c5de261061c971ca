using Granary.Semantics;

namespace Granary.Grains.Store;

/// <summary>One stored response of a key with its content.</summary>
/// <param name="ReceivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> when the response was received: age grows on the monotonic clock.</param>
public sealed record StoredVariant(StoredResponse Response, Content Content, long ReceivedTimestamp)
{
    /// <summary>Null for a whole response; else its content is a part of it only.</summary>
    public PartPosition? Part { get; init; }

    /// <summary>Estimate of what keeping this costs beside its content's blocks.</summary>
    public long MetadataBytes => MetadataEstimate.Of(this);
}
