using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Edge.Hosting;

/// <summary>Connects to the cluster beside the start of the edge, however long that takes, and leaves it after the listeners have closed.</summary>
internal sealed class ClusterEntry(StartedByUs orleans, IServiceProvider services, ClusterLink link, SettingsSource settings, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private IHostedService? _client;
    private bool _hasStarted;
    private Task _begun = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _client = orleans.Make(services); // now, so that grains can be addressed from the first request on
        _begun = Task.Run(Begin, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _begun;
        if (_hasStarted) await _client!.StopAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Begin()
    {
        try
        {
            await _client!.StartAsync(_stopping.Token);
            _hasStarted = true;
            link.Connected(settings.Current.Cluster.Id);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before there was a cluster.
        }
#pragma warning disable CA1031 // Whatever keeps it from connecting ends the process; a supervisor tries again.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            GranaryProcess.SayWhyNot(broken);
            Environment.ExitCode = GranaryProcess.Failed;
            lifetime.StopApplication();
        }
    }
}
