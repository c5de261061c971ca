using Granary.Grains.Certificates;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>TLS towards origins. Certificates are verified. A cluster's <c>HttpClient</c> may say otherwise for its own. Files hold as soon as they are read again.</summary>
public sealed record OriginTlsSettings
{
    /// <summary>Default none: those of the system.</summary>
    [File("Certificates of authorities that origins may have theirs from: PEM", NeedsRestart = true, DefaultText = "none: the authorities of the system")]
    public string? Authority { get; init; }

    /// <summary>Default true.</summary>
    [Flag("Whether the authorities of the system count beside Authority", NeedsRestart = true)]
    public bool TrustSystem { get; init; } = true;

    /// <summary>Default the host of the origin.</summary>
    [HostName("Name that Granary:Origin is asked for (SNI) and must have in its certificate", NeedsRestart = true, DefaultText = "the host of the origin")]
    public string? ServerName { get; init; }

    /// <summary>Default none.</summary>
    [File("Certificate that is shown to configured origins which ask for one: PEM, or PFX; never in forward mode", NeedsRestart = true)]
    public string? Certificate { get; init; }

    /// <summary>Default none: the key is in the file of the certificate.</summary>
    [File("Its private key: PEM", NeedsRestart = true, DefaultText = "none: it is in the file of the certificate")]
    public string? Key { get; init; }

    /// <summary>Default none.</summary>
    [File("File whose first line is the password of the key or the PFX", NeedsRestart = true)]
    public string? PasswordFile { get; init; }

    /// <summary>Default none.</summary>
    [Name("Environment variable that has the password", NeedsRestart = true)]
    public string? PasswordVariable { get; init; }

    /// <summary>Default Tls12.</summary>
    [OneOf("Oldest version that is spoken, where a cluster does not say which", typeof(TlsVersion), NeedsRestart = true)]
    public TlsVersion MinVersion { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Dangerous: configured origins may show any certificate, so anybody in between may read and change what they say", NeedsRestart = true)]
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>For whoever reads them.</summary>
    public CertificateFiles? Files => Certificate is null ? null : new CertificateFiles(Certificate, Key, PasswordFile, PasswordVariable);
}
