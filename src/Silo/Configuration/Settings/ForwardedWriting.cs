namespace Granary.Silo.Configuration;

/// <summary>How a field that tells of the client is written.</summary>
public enum ForwardedWriting
{
    /// <summary>Anew, with the client alone.</summary>
    Set,

    /// <summary>Behind what a trusted proxy said.</summary>
    Append,

    /// <summary>Not at all.</summary>
    Remove,
}

/// <summary>Which field trusted proxies write.</summary>
public enum TrustedField
{
    /// <summary>X-Forwarded-For and X-Forwarded-Proto.</summary>
    XForwarded,

    /// <summary>RFC 7239.</summary>
    Forwarded,
}
