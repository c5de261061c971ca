using System.Diagnostics.Metrics;
using System.Globalization;
using Granary.Edge.AccessLog;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Granary.Edge.Errors;

/// <summary>Answers a request with an error, counts and logs it: <c>granary_errors_total{error}</c> says the same word as the answer.</summary>
internal sealed class ErrorAnswers
{
    private readonly Counter<long> _errors;
    private readonly ILogger<ErrorAnswers> _logger;
    private readonly ErrorPages? _pages;

    public ErrorAnswers(IMeterFactory meters, ILogger<ErrorAnswers> logger, ErrorPages? pages = null)
    {
        _pages = pages;
        _errors = meters.Create("Granary.Edge").CreateCounter<long>("granary.errors", description: "Requests that failed, by reason.");
        _logger = logger;
    }

    /// <summary>
    /// Answers, if that is still possible. Where an answer has begun, the connection (the stream, in HTTP/2) is cut: what came so far must
    /// not look whole. <c>Via</c> and <c>Cache-Status</c> that stand in the response already are kept, all else of it is dropped.
    /// </summary>
    public async Task AnswerAsync(HttpContext context, ForwardError error)
    {
        Count(error);
        AccessRecord.Of(context)?.Fail(error);
        if (context.Response.HasStarted || ReferenceEquals(error, ForwardError.ClientGone))
        {
            context.Abort();
            return;
        }

        // The route's time is over, and with it the token; not the client's patience.
        if (ReferenceEquals(error, ForwardError.RouteTimedOut)) context.RequestAborted = CancellationToken.None;
        await WriteAsync(context, error);
    }

    /// <summary>Counts and logs an error that has its answer elsewhere, such as in a tunnel.</summary>
    public void Count(ForwardError error)
    {
        _errors.Add(1, new KeyValuePair<string, object?>("error", error.Token));
        _logger.RequestFailed(error.Token, error.Stage, error.Status);
    }

    private async Task WriteAsync(HttpContext context, ForwardError error)
    {
        var (type, content) = Form(context.Request, error);
        WriteHead(context, error);
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;   // RFC 9110 §9.3.2: fields as for GET, no content
        try
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();   // gone before it heard
        }
    }

    private (string Type, byte[] Content) Form(HttpRequest request, ForwardError error)
    {
        if (ErrorFormat.PrefersHtml(request.Headers.Accept) && _pages?.Of(error) is { } page) return (PageText.Type, PageText.Of(page, error, request));
        return ErrorFormat.PrefersJson(request.Headers.Accept) ? (ErrorContent.ProblemType, ErrorContent.Problem(error)) : (ErrorContent.TextType, ErrorContent.Text(error));
    }

    private static void WriteHead(HttpContext context, ForwardError error)
    {
        var headers = context.Response.Headers;
        var (via, cacheStatus) = (headers.Via, headers["Cache-Status"]);
        context.Response.Clear();
        context.Response.StatusCode = error.Status;
        Keep(headers, HeaderNames.Via, via);
        Keep(headers, "Cache-Status", cacheStatus);
        headers.CacheControl = "no-store";
        if (error.RetryAfter is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (error is ForwardError.Unidentified(var challenges)) headers.ProxyAuthenticate = challenges.ToArray();
        // After a request that was not understood, the next byte may be anything. RFC 9112 §9.6.
        if (error.Stage is ErrorStage.Request && HttpProtocol.IsHttp11(context.Request.Protocol)) headers.Connection = "close";
    }

    private static void Keep(IHeaderDictionary headers, string name, StringValues value)
    {
        if (value.Count > 0) headers[name] = value;
    }
}
