namespace Granary.Silo.Admin;

/// <summary>
/// The admin endpoints, on the connections of the admin listener and nowhere else. They are a table of their own and not ASP.NET routes,
/// since those are one for all listeners, and a proxied request may have any path.
/// </summary>
public static class AdminEndpoints
{
    private const string MetricsPath = "/metrics";

    private static readonly AdminRoute[] HealthRoutes =
    [
        new("GET", "/health/live", Health.Live) { IsPublic = true },
        new("GET", "/health/ready", Health.Ready) { IsPublic = true },
        new("GET", "/health/startup", Health.Startup) { IsPublic = true },
    ];

    /// <summary>Put this first in the pipeline: whatever comes over the admin listener ends here.</summary>
    public static IApplicationBuilder MapAdmin(this IApplicationBuilder app, params ReadOnlySpan<AdminRoute> more)
    {
        AdminRoute[] routes = [.. HealthRoutes, Metrics(app), .. more];
        var access = app.ApplicationServices.GetRequiredService<AdminAccess>();
        return app.MapWhen(AdminListener.IsOnAdminListener, admin => admin.Run(context => Answer(context, routes, access)));
    }

    private static Task Answer(HttpContext context, AdminRoute[] routes, AdminAccess access)
    {
        var path = context.Request.Path.Value;
        var here = Array.FindAll(routes, route => route.Path == path);
        var route = Array.Find(here, r => r.HasMethod(context.Request.Method));
        if (route is not { IsPublic: true } && access.Check(context) is { } refusal) return AdminProblem.Refuse(context, refusal);
        if (here.Length == 0) return AdminProblem.NotFound(context);
        return route?.Answer(context) ?? AdminProblem.MethodNotAllowed(context, string.Join(", ", here.Select(r => r.Method)));
    }

    private static AdminRoute Metrics(IApplicationBuilder app)
    {
        var scraping = app.New();
        scraping.UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true);
        return new("GET", MetricsPath, scraping.Build());
    }
}
