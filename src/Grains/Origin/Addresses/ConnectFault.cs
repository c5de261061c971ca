namespace Granary.Grains.Origin.Addresses;

/// <summary>Why no connection to the origin came about.</summary>
public enum ConnectFault
{
    /// <summary>The policy refuses an address of the destination.</summary>
    DestinationRefused,

    /// <summary>The name has no address, or its servers did not say.</summary>
    NameNotResolved,

    /// <summary>Nobody listens there.</summary>
    ConnectionRefused,

    /// <summary>No answer within the connect time-out.</summary>
    ConnectTimedOut,

    /// <summary>No route, or the network says no.</summary>
    Unreachable,
}
