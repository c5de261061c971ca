using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Granary.Silo.Drain;
using Granary.Silo.Membership;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Granary.Silo.Hosting;

/// <summary>
/// Beginning and end of a silo. The beginning, beside the host's own, so that health answers from the first moment:
/// (1) Wait for Redis  (2) refuse if another silo with this name lives  (3) join  (4) keep an eye on the own membership  (5) ready.
/// The end, before the host closes its listeners, so that others can read from us to the last:
/// (6) not ready  (7) drain  (8) leave.
/// </summary>
internal sealed class SiloLife(
    StartedByUs orleans, IServiceProvider services, Joining joining, MembershipWatch watch, Draining draining, SiloEndPoints endPoints, Readiness readiness, SettingsSource settings,
    IServer server, IHostApplicationLifetime lifetime, ILogger<SiloLife> logger, ILogger<SettingsSource> settingsLogger) : IHostedLifecycleService, IDisposable
{
    private const string Part = "cluster";

    private readonly CancellationTokenSource _stopping = new();
    private IHostedService? _silo;
    private Task _begun = Task.CompletedTask;

    private ClusterSettings Cluster => settings.Current.Cluster;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        readiness.NotReady(Part, "Joining.");
        lifetime.ApplicationStopping.Register(() => readiness.NotReady("silo", "It is stopping."));   // (6)
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        settings.Watch(TimeProvider.System, settingsLogger);
        var bound = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        logger.SiloStarted(Cluster.Name, endPoints.Advertised, endPoints.SiloPort, endPoints.GatewayPort, new Uri(bound.First()).Port);
        logger.AdminStarted(bound.Last(), settings.Current.Store.Memory >> 20);
        _begun = Task.Run(Begin, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.NotReady("silo", "It is stopping.");                                                  // (6)
        await _stopping.CancelAsync();
        await _begun.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_silo is null) return; // it had not joined
        logger.Stopping(Cluster.Name);
        await draining.Run(Cluster.DrainTimeout, cancellationToken);                                    // (7)
        await watch.StopAsync();
        await _silo.StopAsync(cancellationToken);                                                       // (8)
        logger.Left(Cluster.Name, Cluster.Id);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task Begin()
    {
        try
        {
            await joining.WaitForRedis(readiness, Part, _stopping.Token);                               // (1)
            await joining.RefuseNamesake(_stopping.Token);                                              // (2)
            var silo = orleans.Make(services);
            await silo.StartAsync(_stopping.Token);                                                     // (3)
            _silo = silo;
            await watch.StartAsync();                                                                   // (4)
            readiness.Ready(Part);                                                                      // (5)
            readiness.Started();
            logger.Joined(Cluster.Name, Cluster.Id, watch.MemberCount);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before it had joined.
        }
#pragma warning disable CA1031 // Whatever keeps it from joining ends the process; a supervisor tries again.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            GranaryProcess.SayWhyNot(broken);
            Environment.ExitCode = GranaryProcess.Failed;
            lifetime.StopApplication();
        }
    }
}
