namespace Granary.Silo.Admin;

/// <summary>Why the admin listener does not answer a request.</summary>
internal enum AdminRefusal
{
    /// <summary>A token is configured, and the request has none or another one.</summary>
    TokenMissing,
    TokenWrong,

    /// <summary>Without a token only names of loopback are let in: a page whose name was rebound to 127.0.0.1 has another.</summary>
    HostNotLoopback,

    /// <summary>A browser sends this for a page from elsewhere.</summary>
    CrossOrigin,

    /// <summary>Not loopback, and no token to ask for.</summary>
    Unprotected,
}
