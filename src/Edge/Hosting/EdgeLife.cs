using Granary.Edge.Admin;
using Granary.Silo.Configuration;

namespace Granary.Edge.Hosting;

/// <summary>Beginning and end of an edge: ready once everything has started, not ready as soon as it is asked to stop.</summary>
internal sealed class EdgeLife(Readiness readiness, SettingsSource settings, IHostApplicationLifetime lifetime, ILogger<SettingsSource> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        settings.Watch(TimeProvider.System, logger);
        lifetime.ApplicationStarted.Register(readiness.Started);
        lifetime.ApplicationStopping.Register(() => readiness.NotReady("edge", "It is stopping."));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
