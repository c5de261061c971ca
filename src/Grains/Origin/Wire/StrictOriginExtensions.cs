using Granary.Semantics.Framing;

namespace Granary.Grains.Origin.Wire;

/// <summary>Puts the strict guard behind the HTTP client.</summary>
public static class StrictOriginExtensions
{
    /// <summary>Every HTTP/1 connection of the handler is an <see cref="OriginConnection"/>; HTTP/2 has framing of its own and passes.</summary>
    public static SocketsHttpHandler UseStrictHttp1(this SocketsHttpHandler handler, FramingLimits? limits = null)
    {
        var strict = limits ?? FramingLimits.Default;
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult(
            context.NegotiatedHttpVersion.Major >= 2 ? context.PlaintextStream : new OriginConnection(context.PlaintextStream, strict));
        return handler;
    }
}
