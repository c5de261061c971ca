using System.Collections.Frozen;
using System.Text;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Delivery;

/// <summary>Answers OPTIONS and TRACE whose Max-Forwards is spent, as the final recipient. RFC 9110 §7.6.2, §9.3.7, §9.3.8.</summary>
internal static class FinalRecipient
{
    // §9.3.8: what is reflected must not disclose what only client and origin may know.
    private static readonly FrozenSet<string> Credentials = FrozenSet.ToFrozenSet(
        ["Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "X-Api-Key", "X-Auth-Token"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The request as the next recipient may have it: one forward less; and a TRACE, which its final recipient reflects, without credentials.</summary>
    public static RequestHead ForOthers(RequestHead presented)
    {
        var request = MaxForwards.Decremented(presented);
        return HttpMethods.IsTrace(request.Method) ? request with { Fields = request.Fields.Where(line => !Credentials.Contains(line.Name)) } : request;
    }

    public static async Task Answer(HttpContext context, CacheStatusReport report)
    {
        report.Tell(context.Response, new CacheStatus { Detail = "max-forwards" });
        context.Response.StatusCode = StatusCodes.Status200OK;
        if (HttpMethods.IsTrace(context.Request.Method)) await Reflect(context);
        else Describe(context.Response);
    }

    private static void Describe(HttpResponse response)
    {
        response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";
        response.ContentLength = 0;
    }

    private static async Task Reflect(HttpContext context)
    {
        var message = Encoding.Latin1.GetBytes(MessageOf(context));
        context.Response.ContentType = "message/http";
        context.Response.ContentLength = message.Length;
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    private static string MessageOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new StringBuilder().Append(context.Request.Method).Append(' ').Append(target).Append(' ').Append(context.Request.Protocol).Append("\r\n");
        foreach (var (name, values) in context.Request.Headers)
            if (!name.StartsWith(':') && !Credentials.Contains(name))
                foreach (var value in values) message.Append(name).Append(": ").Append(value).Append("\r\n");
        return message.Append("\r\n").ToString();
    }
}
