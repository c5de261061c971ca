using System.Net;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

internal static partial class Log
{
    [LoggerMessage(640, LogLevel.Information, "Policy list {List}: {Count} domains, {Unread} lines that are none, {KiB} KiB", EventName = nameof(ListLoaded))]
    public static partial void ListLoaded(this ILogger logger, string list, int count, int unread, long kiB);

    [LoggerMessage(641, LogLevel.Warning, "Policy list {List} could not be loaded from {Source}: {Why}. In force is {Meanwhile}", EventName = nameof(ListNotLoaded))]
    public static partial void ListNotLoaded(this ILogger logger, string list, string source, string why, string meanwhile);

    [LoggerMessage(642, LogLevel.Information, "Access policy: {Rules} rules, {Lists} lists, {Default} where none matches", EventName = nameof(PolicyTaken))]
    public static partial void PolicyTaken(this ILogger logger, int rules, int lists, PolicyDefault @default);

    /// <summary>What a rule with Log decided is told at Information.</summary>
    [LoggerMessage(EventId = 643, EventName = nameof(Judged), Message = "{Verdict} by rule {Rule}: {User} at {Client} by {Way} to {Host}:{Port}")]
    public static partial void Judged(this ILogger logger, LogLevel level, Verdict verdict, string rule, string user, IPAddress? client, PolicyWay way, string host, int port);
}
