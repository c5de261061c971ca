using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Edge.Purging;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Redirects;

/// <summary>Redirection by rule, before routes are looked at. The path is compared in the form of the key, so no other spelling of it gets by.</summary>
internal sealed class RedirectRules(Func<ImmutableArray<RedirectSettings>> rules, bool isReverseOnly, CacheStatusReport report)
{
    public bool TryAnswer(HttpContext context)
    {
        var all = rules();
        if (all.IsEmpty || !IsForUs(context) || Location(context, all) is not var (location, status)) return false;
        report.Tell(context.Response, new CacheStatus { Detail = "redirect" });
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        context.Response.ContentLength = 0;
        return true;
    }

    // An absolute-form target is for somebody else, unless there is but one origin. A purge is about what is stored, wherever clients are sent now.
    private bool IsForUs(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method) || PurgeRequests.IsPurge(context) || !context.Request.Host.HasValue) return false;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') || (isReverseOnly && target != "*");
    }

    private static (string Location, int Status)? Location(HttpContext context, ImmutableArray<RedirectSettings> all)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (TargetUri.Effective(context.Request.Scheme, context.Request.Host.Value!, target) is not { } uri || OriginName.Parse(uri.Split('/')[0] + "//" + uri.Split('/')[2]) is not { } asked) return null;
        var pathAndQuery = uri[uri.IndexOf('/', uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? mark : pathAndQuery.Length;
        foreach (var rule in all)
            if (rule.From.Rest(asked.Host, pathAndQuery[..query]) is { } rest) return (To(rule, asked, rest, pathAndQuery[query..]), rule.Status);
        return null;
    }

    // Always with a host: what stands for the asterisk may begin with a slash, and "//evil.example" alone would be one.
    private static string To(RedirectSettings rule, OriginName asked, string rest, string query)
    {
        var to = rule.To.EndsWith('*') ? rule.To[..^1] + rest : rule.To;
        if (to.StartsWith('/')) to = $"{asked.Scheme}://{asked.Authority}{to}";
        if (!rule.KeepQuery || query.Length == 0) return to;
        return to.Contains('#', StringComparison.Ordinal) ? to : to + (to.Contains('?', StringComparison.Ordinal) ? $"&{query[1..]}" : query);
    }
}
