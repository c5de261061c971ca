using System.Net;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress;

internal static partial class Log
{
    [LoggerMessage(370, LogLevel.Debug, "No connection to {Host} at {EndPoint} after {After}: {Fault}", EventName = nameof(NotConnected))]
    public static partial void NotConnected(this ILogger logger, string host, IPEndPoint endPoint, ConnectFault fault, TimeSpan after);

    [LoggerMessage(371, LogLevel.Warning, "{Address} is no address of this machine that connections can come from: check Granary:Egress:From, or EgressFrom of the rule that chose it", EventName = nameof(SourceUnusable))]
    public static partial void SourceUnusable(this ILogger logger, IPAddress address);

    [LoggerMessage(372, LogLevel.Debug, "{Host} was looked up in {After}: {Outcome}", EventName = nameof(NameLookedUp))]
    public static partial void NameLookedUp(this ILogger logger, string host, TimeSpan after, string outcome);

    [LoggerMessage(373, LogLevel.Debug, "Parent {Parent} of {Group} gave no way to {Host}: {Reason}", EventName = nameof(ParentFailed))]
    public static partial void ParentFailed(this ILogger logger, string parent, string group, string host, string reason);

    [LoggerMessage(374, LogLevel.Warning, "Parent {Parent} of {Group} is left out for a while: {Reason}", EventName = nameof(ParentOut))]
    public static partial void ParentOut(this ILogger logger, string parent, string group, string reason);

    [LoggerMessage(375, LogLevel.Information, "Parent {Parent} of {Group} is back", EventName = nameof(ParentBack))]
    public static partial void ParentBack(this ILogger logger, string parent, string group);

    [LoggerMessage(376, LogLevel.Debug, "No parent of {Group} gives a way to {Host}: it is gone to directly", EventName = nameof(GoesDirectly))]
    public static partial void GoesDirectly(this ILogger logger, string group, string host);
}
