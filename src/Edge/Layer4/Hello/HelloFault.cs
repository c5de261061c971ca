namespace Granary.Edge.Layer4.Hello;

/// <summary>Why no server name could be read.</summary>
public enum HelloFault
{
    /// <summary>It does not begin like TLS.</summary>
    NotTls,

    Malformed,

    /// <summary>The ClientHello is longer than we are ready to keep.</summary>
    TooLong,

    /// <summary>It names no server.</summary>
    NoName,

    /// <summary>The connection ended in it.</summary>
    Incomplete,

    TimedOut,
}
