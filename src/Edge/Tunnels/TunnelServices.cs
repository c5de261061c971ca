using System.Diagnostics.Metrics;
using Granary.Edge.Access;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Listening;
using Granary.Edge.Policy;
using Granary.Edge.Presenting;
using Granary.Edge.Tunnels.Socks;
using Granary.Edge.Tunnels.Socks.Udp;
using Granary.Edge.Users;
using Granary.Grains.Egress;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;

namespace Granary.Edge.Tunnels;

/// <summary>Brings tunnels into an edge.</summary>
internal static class TunnelServices
{
    public static IServiceCollection AddTunnels(this IServiceCollection services, SettingsSource settings, TimeProvider clock)
    {
        services.AddSingleton<TunnelMeter>().AddSingleton<UdpMeter>();
        services.AddSingleton(provider => new UdpAssociations(
            provider.GetRequiredService<ClientAccess>(),
            new UdpJudging(provider.GetRequiredService<Admission>(), PolicyServices.Resolving(settings, provider.GetRequiredService<WayOut>()), new OwnListeners(provider.GetRequiredService<IServer>), () => settings.Current),
            provider.GetRequiredService<UdpMeter>(), () => settings.Current.Tunnels, clock));
        services.AddSingleton(provider => new OpenTunnels(
            provider.GetRequiredService<ClientAccess>(), provider.GetRequiredService<Admission>(), () => settings.Current.Tunnels, PolicyServices.Resolving(settings, provider.GetRequiredService<WayOut>()),
            new OwnListeners(provider.GetRequiredService<IServer>), provider.GetRequiredService<Pseudonym>(), provider.GetRequiredService<TunnelMeter>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<Inspecting>(),
            provider.GetRequiredService<IHostApplicationLifetime>(), clock, provider.GetRequiredService<ILogger<OpenTunnels>>()));
        services.AddSingleton(provider => new ConnectRequests(
            provider.GetRequiredService<OpenTunnels>(), provider.GetRequiredService<ForwardUsers>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<ErrorAnswers>(), new RefusedRequests(provider.GetService<IMeterFactory>()), () => settings.Current.Client,
            provider.GetRequiredService<IHostApplicationLifetime>(), clock));
        services.AddSingleton(provider => new SocksRequests(
            provider.GetRequiredService<OpenTunnels>(), provider.GetRequiredService<UdpAssociations>(), provider.GetRequiredService<ForwardUsers>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<ErrorAnswers>(), () => settings.Current.Client, provider.GetRequiredService<IHostApplicationLifetime>(), clock));
        return services.AddSingleton<Http2Connect>();
    }

    /// <summary>CONNECT over HTTP/2 is taken out before anything is routed.</summary>
    public static WebApplication UseTunnelStreams(this WebApplication app)
    {
        var connect = app.Services.GetRequiredService<Http2Connect>();
        app.Use((context, next) => Http2Connect.IsAsked(context) ? connect.Serve(context) : next(context));
        return app;
    }
}
