using Granary.Silo.Hosting;

namespace Granary.Edge.Hosting;

/// <summary>An edge waits for its cluster for ever: for Redis, for the first silo, for a gateway that answers.</summary>
internal sealed class ConnectionRetries(TimeProvider clock, ILogger<ConnectionRetries> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly NowAndThen _complaint = new(clock);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_complaint.IsTime()) logger.WaitingForCluster(exception.Message.Split('\n')[0].TrimEnd());
        await Task.Delay(Period, clock, cancellationToken);
        return true;
    }
}
