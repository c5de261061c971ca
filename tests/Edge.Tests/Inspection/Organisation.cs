using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Inspection;

/// <summary>An organisation that inspects: its authority, in files as they should be.</summary>
internal sealed class Organisation : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-inspection-");

    public Organisation() => Renew();

    public X509Certificate2 Root { get; private set; } = null!;

    public string Certificate => Path.Combine(_directory.FullName, "ca.pem");

    public string Key => Path.Combine(_directory.FullName, "ca.key");

    public string[] Switches => ["--Granary:Inspection:Certificate", Certificate, "--Granary:Inspection:Key", Key];

    public InspectionSettings Settings => new() { Certificate = Certificate, Key = Key };

    /// <summary>Another authority in the same files.</summary>
    public void Renew(bool mayCertify = true, AsymmetricAlgorithm? with = null, DateTimeOffset? ends = null)
    {
        using var key = with ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa ? new CertificateRequest("CN=Our authority, O=Example", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest("CN=Our authority, O=Example", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(mayCertify ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var signed = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), ends ?? new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Root = X509CertificateLoader.LoadCertificate(signed.RawData);
        File.WriteAllText(Certificate, signed.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        MayRead(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void MayRead(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Key, mode);
    }

    public string Writes(string name, string content)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>What its clients have installed, at that time.</summary>
    public X509ChainPolicy Trust(DateTimeOffset now)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = now.UtcDateTime };
        policy.CustomTrustStore.Add(Root);
        return policy;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
