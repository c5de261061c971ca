using System.Diagnostics.Metrics;
using Granary.Edge.AccessLog;
using Granary.Edge.Presenting;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery;

/// <summary>
/// Says what the cache did with a request, once for everybody: to the client in Cache-Status (RFC 9211 §2, after the members of caches nearer to the origin),
/// to the operator in <c>granary_requests_total{cache}</c> and in one log event.
/// </summary>
internal sealed class CacheStatusReport
{
    private readonly Pseudonym _pseudonym;
    private readonly Counter<long> _requests;
    private readonly ILogger<CacheStatusReport> _logger;

    public CacheStatusReport(Pseudonym pseudonym, IMeterFactory meters, ILogger<CacheStatusReport> logger)
    {
        (_pseudonym, _logger) = (pseudonym, logger);
        _requests = meters.Create("Granary.Edge").CreateCounter<long>("granary.requests", description: "Requests, by what the cache did with them (RFC 9211).");
    }

    public void Tell(HttpResponse response, CacheStatus status) =>
        Tell(response, status, StringValues.Concat(response.Headers["Cache-Status"], status.ToFieldValue(_pseudonym.Name)));

    /// <param name="value">The whole field, this cache's member last.</param>
    public void Tell(HttpResponse response, CacheStatus status, StringValues value)
    {
        response.Headers["Cache-Status"] = value;
        _requests.Add(1, new KeyValuePair<string, object?>("cache", WordOf(status)), new KeyValuePair<string, object?>("collapsed", status.Collapsed));
        if (AccessRecord.Of(response.HttpContext) is { } told) told.Cache = status;
        _logger.RequestHandled(status);
    }

    /// <summary>What was told turned out otherwise before the client heard of it.</summary>
    public void Correct(HttpResponse response, CacheStatus status)
    {
        response.Headers["Cache-Status"] = status.ToFieldValue(_pseudonym.Name);
        if (AccessRecord.Of(response.HttpContext) is { } told) told.Cache = status;
    }

    private static string WordOf(CacheStatus status) => status.Hit ? "hit" : status.Fwd?.Token() ?? "none";
}
