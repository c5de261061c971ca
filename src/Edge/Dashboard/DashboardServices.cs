using Granary.Edge.Figures;
using Granary.Silo.Admin;

namespace Granary.Edge.Dashboard;

/// <summary>Brings the live page and what it shows into an edge.</summary>
internal static class DashboardServices
{
    public static readonly AdminRoute[] Routes = [StatusEndpoint.Route, .. DashboardFiles.Routes];

    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<Latencies>().AddSingleton<RecentFigures>()
        .AddSingleton<SilosAround>().AddSingleton<OriginsText>().AddSingleton<ForwardText>().AddSingleton<StatusText>().AddSingleton<StatusEndpoint>()
        .AddHostedService(static provider => provider.GetRequiredService<RecentFigures>());
}
