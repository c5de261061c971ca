using System.Diagnostics.Metrics;
using Granary.Edge.Access;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Listening;
using Granary.Edge.Policy;
using Granary.Edge.Tunnels.Socks;
using Granary.Edge.Users;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;

namespace Granary.Edge.Tunnels;

/// <summary>Brings tunnels into an edge.</summary>
internal static class TunnelServices
{
    public static IServiceCollection AddTunnels(this IServiceCollection services, SettingsSource settings, TimeProvider clock)
    {
        var policy = new DestinationPolicy(() => settings.Current.Access.AllowDestinations);
        services.AddSingleton<TunnelMeter>();
        services.AddSingleton(provider => new OpenTunnels(
            provider.GetRequiredService<ClientAccess>(), provider.GetRequiredService<Admission>(), () => settings.Current.Tunnels, GuardedConnect.ToAnyDestination(policy, () => settings.Current.Fetch.ConnectTimeout, clock),
            new OwnListeners(provider.GetRequiredService<IServer>), provider.GetRequiredService<TunnelMeter>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<Inspecting>(),
            provider.GetRequiredService<IHostApplicationLifetime>(), clock, provider.GetRequiredService<ILogger<OpenTunnels>>()));
        services.AddSingleton(provider => new ConnectRequests(
            provider.GetRequiredService<OpenTunnels>(), provider.GetRequiredService<ForwardUsers>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<ErrorAnswers>(), new RefusedRequests(provider.GetService<IMeterFactory>()), () => settings.Current.Client,
            provider.GetRequiredService<IHostApplicationLifetime>(), clock));
        services.AddSingleton(provider => new SocksRequests(
            provider.GetRequiredService<OpenTunnels>(), provider.GetRequiredService<ForwardUsers>(), provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<ErrorAnswers>(), () => settings.Current.Client, provider.GetRequiredService<IHostApplicationLifetime>(), clock));
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
