using Granary.Edge.Purging;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Listening.Tls;

/// <summary>Sends clients of http to https with 308 (RFC 9110 §15.4.9): the method and what they send stay what they are.</summary>
internal static class HttpsRedirect
{
    // RFC 8555 §8.3: an authority asks for it by http.
    private const string AcmeChallenge = "/.well-known/acme-challenge/";

    public static bool IsDue(HttpContext context, ServerTlsSettings tls) =>
        !tls.RedirectFrom.IsNone && context.Features.Get<ListenerMark>() is { } mark && tls.RedirectFrom.Has(mark.Listener)
            && !context.Request.Path.StartsWithSegments(AcmeChallenge.TrimEnd('/'), StringComparison.Ordinal) && !PurgeRequests.IsPurge(context);

    /// <returns>False if there is no telling where to.</returns>
    public static bool TrySend(HttpContext context, GranarySettings settings)
    {
        var port = settings.Tls.RedirectPort ?? settings.Listen.FirstOrDefault(static listener => listener.IsHttps && listener.Port != 0)?.Port ?? 443;
        var target = PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (!context.Request.Host.HasValue || TargetUri.Effective("https", $"{context.Request.Host.Host}:{port}", target) is not { } secure) return false;
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = secure;
        context.Response.ContentLength = 0;
        return true;
    }

    // In absolute-form (RFC 9112 §3.2.2) too: whose host it is, Host says by now.
    private static string PathOf(string target)
    {
        if (target.StartsWith('/')) return target;
        var authority = target.IndexOf("://", StringComparison.Ordinal) is > 0 and var colon ? colon + 3 : target.Length;
        var path = target.AsSpan(authority).IndexOfAny('/', '?');
        return path < 0 ? "/" : target[authority + path] == '/' ? target[(authority + path)..] : $"/{target[(authority + path)..]}";
    }
}
