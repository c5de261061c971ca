namespace Granary.Edge.Layer4;

/// <summary>How a connection that was handed on came to its end.</summary>
public enum TunnelEnd
{
    /// <summary>Both sides said so.</summary>
    Closed,

    ResetByClient,

    ResetByDestination,

    /// <summary>Nothing came from either side for the idle time-out.</summary>
    Idle,

    /// <summary>The process stopped.</summary>
    Stopped,
}
