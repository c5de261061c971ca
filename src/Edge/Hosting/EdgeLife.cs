using Granary.Edge.Listening;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Yarp.ReverseProxy;

namespace Granary.Edge.Hosting;

/// <summary>Beginning and end of an edge: ready once everything has started, not ready as soon as it is asked to stop.</summary>
internal sealed class EdgeLife(
    Readiness readiness, SettingsSource settings, IServer server, IHostApplicationLifetime lifetime, IServiceProvider services,
    ILogger<EdgeLife> logger, ILogger<SettingsSource> settingsLogger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        settings.Watch(TimeProvider.System, settingsLogger);
        lifetime.ApplicationStarted.Register(Started);
        lifetime.ApplicationStopping.Register(Stopping);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Started()
    {
        readiness.Started();
        var now = settings.Current;
        var bound = server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => !address.EndsWith(HandOffEndPoint.Name, StringComparison.Ordinal)).ToArray();
        var urls = string.Join(" and ", bound[..^1]); // the admin listener is opened last
        if (now.Origin is { } origin) logger.ReverseProxyStarted(urls, origin.ToString());
        else logger.ForwardProxyStarted(urls, now.Access.AllowClients.ToString() ?? "");
        if (services.GetService<IProxyStateLookup>()?.GetRoutes().Count() is > 0 and var routes) logger.RoutesStarted(routes);
        if (now.Cluster.Redis is null) logger.AdminStarted(bound[^1], now.Store.Memory >> 20);
        else logger.ClusterAdminStarted(bound[^1], now.Cluster.Id);
    }

    private void Stopping()
    {
        readiness.NotReady("edge", "It is stopping.");
        logger.Stopping();
    }
}
