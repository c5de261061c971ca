using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>What the strict guard logs; never a byte of the client.</summary>
internal static partial class StrictHttp1Log
{
    [LoggerMessage(110, LogLevel.Debug, "Request on connection {ConnectionId} refused: {Violation}", EventName = nameof(RequestRefused))]
    public static partial void RequestRefused(this ILogger log, string connectionId, FramingViolation violation);
}
