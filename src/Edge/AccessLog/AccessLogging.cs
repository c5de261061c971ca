using System.Diagnostics.Metrics;
using Granary.Silo.Configuration;

namespace Granary.Edge.AccessLog;

/// <summary>Brings the access log into an edge.</summary>
internal static class AccessLogging
{
    public static IServiceCollection AddAccessLog(this IServiceCollection services, SettingsSource settings, TimeProvider clock) => services
        .AddSingleton(provider => new AccessLines(() => settings.Current.AccessLog, clock, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILogger<AccessLines>>()))
        .AddHostedService(static provider => provider.GetRequiredService<AccessLines>());

    /// <summary>A line for each request, whatever becomes of it; first of all, so that it knows.</summary>
    public static void UseAccessLog(this IApplicationBuilder app)
    {
        var lines = app.ApplicationServices.GetRequiredService<AccessLines>();
        if (lines.IsOn) app.Use((HttpContext context, RequestDelegate next) => Tell(context, next, lines));
    }

    private static async Task Tell(HttpContext context, RequestDelegate next, AccessLines lines)
    {
        var record = lines.Begin()!;
        record.Begin(context);
        context.Features.Set(record);
        var body = CountedBody.Install(context);
        try
        {
            await next(context);
        }
        finally
        {
            record.Finish(context, body.Bytes);
            lines.Write(record);
        }
    }
}
