using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>The origin sent what is not, or not safely, HTTP/1; the connection is dropped. RFC 9112 §6.3, §11.</summary>
public sealed class OriginProtocolException(FramingViolation violation) : IOException($"Malformed response from the origin: {violation.InWords()}.")
{
    public FramingViolation Violation => violation;

    /// <summary>The violation behind an exception of the HTTP client, or null: the client wraps ours once or more.</summary>
    public static FramingViolation? In(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (e is OriginProtocolException { Violation: var violation }) return violation;
        return null;
    }
}
