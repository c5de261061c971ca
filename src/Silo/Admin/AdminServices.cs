using System.Diagnostics.Metrics;
using Granary.Silo.Configuration;
using OpenTelemetry.Metrics;

namespace Granary.Silo.Admin;

/// <summary>What the admin endpoints need.</summary>
public static class AdminServices
{
    private static readonly string[] Meters =
    [
        "Granary*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Yarp.ReverseProxy",
    ];

    public static IServiceCollection AddAdmin(this IServiceCollection services, SettingsSource settings)
    {
        services.AddSingleton<Readiness>();
        services.AddSingleton(new AdminAccess(() => settings.Current.Admin));
        services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter(Meters).AddPrometheusExporter(static exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
        services.ConfigureOpenTelemetryMeterProvider(static (host, metrics) => metrics.AddView(Streams.Of(host.GetRequiredService<IMeterFactory>())));
        return services;
    }
}
