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

    /// <summary>The address that it shall come from is none of this machine.</summary>
    SourceUnusable,

    /// <summary>None of the proxies on the way could be used.</summary>
    ParentsUnavailable,

    /// <summary>The proxy on the way will not do it.</summary>
    ParentRefused,
}
