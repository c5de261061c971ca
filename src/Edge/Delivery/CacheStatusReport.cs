using Granary.Edge.AccessLog;
using Granary.Edge.Figures;
using Granary.Edge.Presenting;
using Granary.Semantics.CacheStatus;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery;

/// <summary>
/// Says what the cache did with a request, once for everybody: to the client in Cache-Status (RFC 9211 §2, after the members of caches nearer to the origin),
/// to the operator in <c>granary_requests_total{cache}</c> and in one log event.
/// </summary>
internal sealed class CacheStatusReport
{
    private readonly Pseudonym _pseudonym;
    private readonly OutcomeFigures _figures;
    private readonly ILogger<CacheStatusReport> _logger;

    public CacheStatusReport(Pseudonym pseudonym, OutcomeFigures figures, ILogger<CacheStatusReport> logger) => (_pseudonym, _figures, _logger) = (pseudonym, figures, logger);

    public void Tell(HttpResponse response, CacheStatus status) =>
        Tell(response, status, StringValues.Concat(response.Headers["Cache-Status"], status.ToFieldValue(_pseudonym.Name)));

    /// <param name="value">The whole field, this cache's member last.</param>
    public void Tell(HttpResponse response, CacheStatus status, StringValues value)
    {
        response.Headers["Cache-Status"] = value;
        var word = OutcomeFigures.IndexOf(status);
        _figures.Count(word, status.Collapsed, Announced(response));
        DurationTag.Put(response.HttpContext, OutcomeFigures.Words[word]);
        if (AccessRecord.Of(response.HttpContext) is { } told) told.Cache = status;
        _logger.RequestHandled(status);
    }

    /// <summary>The same where the client has been told already.</summary>
    /// <param name="content">Bytes that the head announced.</param>
    public void Tell(CacheStatus status, long content)
    {
        _figures.Count(OutcomeFigures.IndexOf(status), status.Collapsed, content);
        _logger.RequestHandled(status);
    }

    /// <summary>What was told turned out otherwise before the client heard of it.</summary>
    public void Correct(HttpResponse response, CacheStatus status)
    {
        response.Headers["Cache-Status"] = status.ToFieldValue(_pseudonym.Name);
        if (AccessRecord.Of(response.HttpContext) is { } told) told.Cache = status;
    }

    private static long Announced(HttpResponse response) =>
        response.StatusCode == StatusCodes.Status304NotModified || HttpMethods.IsHead(response.HttpContext.Request.Method) ? 0 : response.ContentLength ?? 0;
}
