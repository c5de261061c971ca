using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics;

/// <summary>A response as it is stored: what it answers to and its head.</summary>
public sealed record StoredResponse
{
    public required string TargetUri { get; init; }

    public required string Method { get; init; }

    public required FieldLines Nominated { get; init; }

    public required ResponseHead Head { get; init; }
}
