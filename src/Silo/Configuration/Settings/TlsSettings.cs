using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>TLS between the members of a cluster, with a certificate on both sides. All or none of it; the files are read again when they change.</summary>
public sealed record TlsSettings
{
    /// <summary>Default none: members talk in the clear.</summary>
    [File("Certificate of this process towards other members: PEM, or PFX without a password", NeedsRestart = true)]
    public string? Certificate { get; init; }

    /// <summary>Default none: the key is in the file of the certificate.</summary>
    [File("Its private key: PEM", NeedsRestart = true, DefaultText = "none: it is in the file of the certificate")]
    public string? Key { get; init; }

    /// <summary>Default none.</summary>
    [File("Certificates of the authority of the cluster: PEM; whoever shows a certificate of it is a member", NeedsRestart = true)]
    public string? Authority { get; init; }
}
