using Granary.Silo.Admin;

namespace Granary.Edge.Hosting;

/// <summary>Whether this edge has a gateway into the cluster. Without one it forwards to the origins, and says that it is not ready.</summary>
internal sealed class ClusterLink : IClusterConnectionStatusObserver
{
    private const string Part = "cluster";

    private readonly Readiness _readiness;
    private readonly ILogger<ClusterLink> _logger;
    private volatile bool _isUp;
    private volatile bool _hasBeenUp;

    public ClusterLink(Readiness readiness, ILogger<ClusterLink> logger)
    {
        (_readiness, _logger) = (readiness, logger);
        _readiness.NotReady(Part, "Waiting for a silo.");
    }

    /// <summary>There is a gateway, as far as is known.</summary>
    public bool IsUp => _isUp;

    public void Connected(string cluster)
    {
        _hasBeenUp = true;
        IsNow(true);
        _logger.ClusterJoined(cluster);
    }

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        if (currentNumberOfGateways == 0 || _isUp || !_hasBeenUp) return;
        IsNow(true);
        _logger.ClusterBack(currentNumberOfGateways);
    }

    public void NotifyClusterConnectionLost()
    {
        if (!_isUp) return;
        IsNow(false);
        _logger.ClusterLost();
    }

    private void IsNow(bool up)
    {
        _isUp = up;
        if (up) _readiness.Ready(Part);
        else _readiness.NotReady(Part, "Waiting for a silo: no gateway can be reached.");
    }
}
