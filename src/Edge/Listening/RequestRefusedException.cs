using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>Ends Kestrel's reading of a connection whose refusal has been answered already; an IOException, so Kestrel adds no answer of its own.</summary>
public sealed class RequestRefusedException(FramingViolation violation) : IOException(violation.InWords())
{
    public FramingViolation Violation => violation;
}
