namespace Granary.Edge.ProxyProtocol;

/// <summary>Why what a connection begins with is not taken for a PROXY header.</summary>
public enum ProxyFault
{
    /// <summary>Whoever sent it is not trusted to tell an address.</summary>
    NotTrusted,

    /// <summary>It begins in another way.</summary>
    NoHeader,

    /// <summary>More than 107 bytes (v1), or than we are ready to keep (v2).</summary>
    TooLong,

    /// <summary>It begins like one and is none.</summary>
    Malformed,

    /// <summary>The connection ended in it.</summary>
    Incomplete,

    /// <summary>It took too long.</summary>
    TimedOut,
}
