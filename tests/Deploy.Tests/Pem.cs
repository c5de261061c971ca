using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Deploy.Tests;

/// <summary>The files of a Secret with a certificate: one that is its own authority, the same for all.</summary>
internal static class Pem
{
    private static readonly (string Certificate, string Key) One = Make();

    public static void WriteInto(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "tls.crt"), One.Certificate);
        File.WriteAllText(Path.Combine(folder, "tls.key"), One.Key);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), One.Certificate);
    }

    public static bool Is(X509Certificate? shown) => shown is X509Certificate2 certificate && certificate.ExportCertificatePem() == One.Certificate;

    private static (string Certificate, string Key) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=granary", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
