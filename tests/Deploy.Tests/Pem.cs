using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Deploy.Tests;

/// <summary>The files of a Secret with a certificate.</summary>
internal static class Pem
{
    public static void WriteInto(string folder)
    {
        if (File.Exists(Path.Combine(folder, "tls.crt"))) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=granary", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.crt"), certificate.ExportCertificatePem());
    }
}
