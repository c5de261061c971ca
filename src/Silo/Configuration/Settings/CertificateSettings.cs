using System.Collections.Immutable;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>One certificate and who is shown it.</summary>
public sealed record CertificateSettings
{
    /// <summary>Has to be given.</summary>
    [File("The certificate and those above it: PEM, or PFX", IsRequired = true)]
    public string? Certificate { get; init; }

    /// <summary>Default none: the key is in the file of the certificate.</summary>
    [File("Its private key: PEM", DefaultText = "none: it is in the file of the certificate")]
    public string? Key { get; init; }

    /// <summary>Default none.</summary>
    [File("File whose first line is the password of the key or the PFX")]
    public string? PasswordFile { get; init; }

    /// <summary>Default none.</summary>
    [Name("Environment variable that has the password")]
    public string? PasswordVariable { get; init; }

    /// <summary>Default the names in the certificate.</summary>
    [HostNames("Names that clients ask for (SNI) to be shown it; the most specific counts", DefaultText = "the names in the certificate")]
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>For whoever reads them.</summary>
    public CertificateFiles? Files => Certificate is null ? null : new CertificateFiles(Certificate, Key, PasswordFile, PasswordVariable);
}
