using Granary.Edge.Layer4;
using Granary.Edge.Listening;
using Granary.Edge.Listening.Tls;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Yarp.ReverseProxy;

namespace Granary.Edge.Hosting;

/// <summary>Beginning and end of an edge: ready once everything has started, not ready as soon as it is asked to stop.</summary>
internal sealed class EdgeLife(
    Readiness readiness, SettingsSource settings, IServer server, IHostApplicationLifetime lifetime, IServiceProvider services,
    ILogger<EdgeLife> logger, ILogger<SettingsSource> settingsLogger, ILogger<TcpServices> tcpLogger) : IHostedService
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
        var bound = server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => !HandOffEndPoint.IsOne(address)).ToArray();
        var urls = string.Join(" and ", bound[..now.Listen.Length]); // they are opened first, then those of layer 4, the admin listener last
        if (now.Origin is { } origin) logger.ReverseProxyStarted(urls, origin.ToString());
        else logger.ForwardProxyStarted(urls, now.Access.AllowClients.ToString() ?? "");
        foreach (var tcp in now.Tcp)
            tcpLogger.TcpListenerStarted(tcp.Title, tcp.Listen!, string.Join(", ", tcp.To.Concat(tcp.Sni.SelectMany(static sni => sni.To)).Distinct()));
        if (services.GetService<IProxyStateLookup>()?.GetRoutes().Count() is > 0 and var routes) logger.RoutesStarted(routes);
        if (now.Tls.Http3 && !Http3.IsSupported) logger.Http3Off();
        if (now.Cluster.Redis is null) logger.AdminStarted(bound[^1], now.Store.Memory >> 20);
        else logger.ClusterAdminStarted(bound[^1], now.Cluster.Id);
    }

    private void Stopping()
    {
        readiness.NotReady("edge", "It is stopping.");
        logger.Stopping();
    }
}
