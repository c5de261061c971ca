namespace Granary.Silo.Admin.Purging;

internal static partial class Log
{
    [LoggerMessage(530, LogLevel.Information, "Purge from {Client}: {Kind} {What}, soft {IsSoft}: {Outcome}, {Hit} stored responses, {Milliseconds} ms", EventName = nameof(Purged))]
    public static partial void Purged(this ILogger logger, string client, string kind, string what, bool isSoft, string outcome, int? hit, double milliseconds);

    [LoggerMessage(531, LogLevel.Information, "Purge from {Client}: refused with {Status}", EventName = nameof(PurgeRefused))]
    public static partial void PurgeRefused(this ILogger logger, string client, int status);
}
