using Granary.Edge.Errors;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Listening.Tls;

/// <summary>What the settings of TLS mean for requests, before anything is made of them.</summary>
internal static class TlsRules
{
    private static readonly ForwardError NoHost = new ForwardError.BadRequest("The request names no host that it could be sent to by https.");

    public static void UseTlsRules(this IApplicationBuilder app)
    {
        var settings = app.ApplicationServices.GetRequiredService<SettingsSource>();
        var errors = app.ApplicationServices.GetRequiredService<ErrorAnswers>();
        app.Use(next => context => Apply(context, settings.Current, errors, next));
    }

    private static Task Apply(HttpContext context, GranarySettings settings, ErrorAnswers errors, RequestDelegate next)
    {
        var tls = settings.Tls;
        var isForward = IsForward(context, settings);
        if (tls.ClientSubjectField is { } field) ClientSubject.Tell(context, field, isForward);
        if (isForward) return next(context);
        if (context.Request.IsHttps) StrictTransport.Promise(context, tls.Hsts);
        else if (HttpsRedirect.IsDue(context, tls)) return HttpsRedirect.TrySend(context, settings) ? Task.CompletedTask : errors.AnswerAsync(context, NoHost);
        return next(context);
    }

    // The site belongs to somebody else: neither where it is nor what it promises is ours to say. A tunnel has no path at all.
    private static bool IsForward(HttpContext context, GranarySettings settings) =>
        ForwardStream.Of(context) is not null || (context.Features.Get<IHttpRequestFeature>()?.RawTarget is not ['/', ..] && (settings.Origin is null || HttpMethods.IsConnect(context.Request.Method)));
}
