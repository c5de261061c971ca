using System.Net.Sockets;

namespace Granary.Edge.Layer4.Destinations;

/// <summary>Connects to the destinations now and then. What comes of it is one success or failure among those of connections.</summary>
internal sealed class HealthChecks(TcpServices services, TimeProvider clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from service in services.All
        where service.Settings.HealthInterval > TimeSpan.Zero
        select Watch(service, stoppingToken));

    private async Task Watch(TcpService service, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(service.Settings.HealthInterval, clock);
        try
        {
            do await Task.WhenAll(service.Destinations.Select(destination => Check(service, destination, stopping)));
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private static async Task Check(TcpService service, Destination destination, CancellationToken stopping)
    {
        if (await service.Connecting.Try(destination, 0, stopping) is not { } socket) return;
        using (socket)
        {
            try
            {
                // Whoever waits for a PROXY header shall not complain of a client without one.
                if (service.Header.ForHealthCheck() is { Length: > 0 } header) await socket.SendAsync(header, stopping);
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // It took the connection; more was not asked.
            }
            finally
            {
                destination.Closed();
            }
        }
    }
}
