namespace Granary.Silo.Configuration;

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientCertificates
{
    Off,

    /// <summary>Who shows one must be trusted; who shows none is let in.</summary>
    Optional,
    Required,
}

/// <summary>What becomes of a client that asks for a name which no certificate has.</summary>
public enum UnknownHosts
{
    Default,
    Refuse,
}

/// <summary>The oldest version of TLS.</summary>
public enum TlsVersion
{
    Tls12,
    Tls13,
}
