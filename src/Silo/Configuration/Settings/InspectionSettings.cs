using System.Collections.Immutable;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>With what tunnels are opened that a rule of the access policy inspects, and which are not. Files hold as soon as they are read again.</summary>
public sealed record InspectionSettings
{
    /// <summary>Default none: has to be given where a rule inspects.</summary>
    [File("Certificate of the authority that clients trust in inspected tunnels, and those above it: PEM, or PFX")]
    public string? Certificate { get; init; }

    /// <summary>Default none: the key is in the file of the certificate.</summary>
    [File("Its private key: PEM, in a file that nobody else may read", DefaultText = "none: it is in the file of the certificate")]
    public string? Key { get; init; }

    /// <summary>Default none.</summary>
    [File("File whose first line is the password of the key or the PFX")]
    public string? PasswordFile { get; init; }

    /// <summary>Default none.</summary>
    [Name("Environment variable that has the password")]
    public string? PasswordVariable { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether others than its owner may read the file of the key, such as the group that a mounted secret belongs to")]
    public bool SharedKey { get; init; }

    /// <summary>Default none.</summary>
    [HostPatterns("Hosts to which tunnels are left closed, whatever rule inspects them", DefaultText = "none")]
    public ImmutableArray<HostPattern> Except { get; init; } = [];

    /// <summary>Default Splice.</summary>
    [OneOf("What becomes of a tunnel that is to be inspected and does not begin with TLS", typeof(NotTls))]
    public NotTls NotTls { get; init; }

    /// <summary>10 … 100,000. Default 1,000.</summary>
    [Count("Certificates of hosts that are kept; the one that was not used for longest goes first", 10, 100_000)]
    public int MaxCertificates { get; init; } = 1000;

    /// <summary>For whoever reads them.</summary>
    public CertificateFiles? Files => Certificate is null ? null : new CertificateFiles(Certificate, Key, PasswordFile, PasswordVariable);
}

/// <summary>What becomes of a tunnel that is to be inspected and does not begin with TLS.</summary>
public enum NotTls
{
    /// <summary>It is a tunnel like others.</summary>
    Splice,

    Refuse,
}
