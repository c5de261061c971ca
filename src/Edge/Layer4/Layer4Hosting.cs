using System.Diagnostics.Metrics;
using Granary.Edge.Layer4.Destinations;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Layer4;

/// <summary>Brings layer 4 into an edge.</summary>
internal static class Layer4Hosting
{
    public static IServiceCollection AddLayer4(this IServiceCollection services, SettingsSource settings, TimeProvider clock)
    {
        services.AddSingleton(provider =>
        {
            var all = new TcpServices(settings.Current.Tcp, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILogger<TcpServices>>(), clock);
            settings.Changed += now => all.Become(now.Tcp);
            return all;
        });
        services.AddHostedService(provider => new HealthChecks(provider.GetRequiredService<TcpServices>(), clock));
        return services;
    }

    /// <summary>Opens the listeners. Connections are raw: nothing of HTTP stands behind them.</summary>
    public static void ListenLayer4(this KestrelServerOptions kestrel)
    {
        foreach (var service in kestrel.ApplicationServices.GetRequiredService<TcpServices>().All)
            foreach (var (nth, address) in service.Settings.Listen!.Addresses.Index())
                kestrel.Listen(address, options => options.Use(_ => connection => service.Serve(connection, nth)));
    }
}
