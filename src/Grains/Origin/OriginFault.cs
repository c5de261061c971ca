namespace Granary.Grains.Origin;

/// <summary>What went wrong between us and the origin. Numbers travel between silos: they only grow.</summary>
public enum OriginFault
{
    /// <summary>The destination's address is refused by policy.</summary>
    DestinationRefused = 1,
    NameNotResolved = 2,
    ConnectionRefused = 3,
    Unreachable = 4,
    ConnectTimedOut = 5,
    TlsFailed = 6,
    CertificateRefused = 7,

    /// <summary>The request could not be written whole.</summary>
    RequestNotSent = 8,
    HeadTimedOut = 9,
    ClosedBeforeHead = 10,

    /// <summary>The head, or the framing of the message, is not HTTP; <see cref="OriginError.Violation"/> says why.</summary>
    Malformed = 11,
    HeadTooLarge = 12,

    /// <summary>Closed or reset in the middle of the content.</summary>
    ContentIncomplete = 13,
    ContentIdle = 14,
    ContentTooSlow = 15,
    TooManyConnections = 16,
    Internal = 17,

    /// <summary>No destination of the route is available.</summary>
    NoDestination = 18,

    /// <summary>Too many fetches from it are under way and wait.</summary>
    Busy = 19,

    /// <summary>It has failed so often in a row that it is left alone for a while.</summary>
    LeftAlone = 20,

    /// <summary>The address to connect from is none of this machine.</summary>
    SourceUnusable = 21,

    /// <summary>No parent proxy could be used.</summary>
    ParentsUnavailable = 22,

    /// <summary>The parent proxy will not do it; <see cref="OriginError.Violation"/> has what it answered.</summary>
    ParentRefused = 23,
}
