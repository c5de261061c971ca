using Granary.Semantics.Fields;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>
/// One request to an origin and what the caller wants to know of its connection. Set <see cref="Current"/> around <c>SendAsync</c>:
/// the HTTP client writes the head in the caller's execution context, there the connection picks it up.
/// The method and the end of the request are read from what is written, never from here.
/// </summary>
public sealed class OriginExchange
{
    private static readonly AsyncLocal<OriginExchange?> Ambient = new();

    public static OriginExchange? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>
    /// Called with each interim response but 100, in order, on the thread that reads the connection: return quickly and do not throw.
    /// RFC 9110 §15.2: a proxy forwards them.
    /// </summary>
    public Action<int, FieldLines>? OnInterim { get; init; }

    /// <summary>How the content of the final response is delimited; set before the client sees the head.</summary>
    public ContentDelimiter DelimitedBy { get; internal set; }

    /// <summary>The response is whole: its end was met, or it ends by close and the origin closed.</summary>
    public bool IsComplete { get; internal set; }

    /// <summary>The first violation met, if any.</summary>
    public FramingViolation Violation { get; internal set; }
}
