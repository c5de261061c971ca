using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>What the strict guard in front of Kestrel allows. Kestrel's own limits apply after it.</summary>
public sealed record StrictHttp1Options
{
    /// <summary>Sizes of heads, chunk extensions and trailer sections.</summary>
    public FramingLimits Limits { get; init; } = FramingLimits.Default;
}
