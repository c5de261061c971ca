namespace Granary.Grains.Leases;

internal static partial class Log
{
    [LoggerMessage(280, LogLevel.Warning, "Edge {Edge} did not acknowledge a recall; its session ran out after {Milliseconds} ms", EventName = nameof(EdgeDidNotAcknowledge))]
    public static partial void EdgeDidNotAcknowledge(this ILogger logger, string edge, long milliseconds);

    [LoggerMessage(281, LogLevel.Information, "A silo was lost: invalidations wait until the leases that it may have granted have run out", EventName = nameof(SiloLost))]
    public static partial void SiloLost(this ILogger logger);

    [LoggerMessage(282, LogLevel.Debug, "Lease of {Uri} for edge {Edge}: {Outcome}", EventName = nameof(LeaseAnswered))]
    public static partial void LeaseAnswered(this ILogger logger, string uri, string edge, string outcome);

    [LoggerMessage(283, LogLevel.Debug, "Silo {Name} does not know that this one leaves without leases", EventName = nameof(FellowDoesNotKnow))]
    public static partial void FellowDoesNotKnow(this ILogger logger, string name);
}
