using Granary.Edge.Listening.Repeats;
using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>What the strict guard in front of Kestrel allows. Kestrel's own limits apply after it.</summary>
public sealed record StrictHttp1Options
{
    /// <summary>Sizes of heads, chunk extensions and trailer sections.</summary>
    public FramingLimits Limits { get; init; } = FramingLimits.Default;

    /// <summary>Answers requests that came before byte for byte; null where all are read.</summary>
    internal IRepeats? Repeats { get; init; }

    /// <summary>How long Kestrel keeps a connection without a request.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);
}
