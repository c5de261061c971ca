using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Language;

/// <summary>A certificate authority that lives as long as a test, and files as an operator would have them from it.</summary>
public sealed class Authority : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-tls-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private int _issued;

    private Authority()
    {
        var request = new CertificateRequest("CN=authority of a test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public static Authority Begins() => new();

    /// <summary>A certificate is issued, and these switches let a process use it.</summary>
    public string[] Switches(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(_certificate, now.AddHours(-1), now.AddHours(12), BitConverter.GetBytes(++_issued));
        return
        [
            "--Granary:Cluster:Tls:Certificate", Write($"{name}.crt", issued.ExportCertificatePem()),
            "--Granary:Cluster:Tls:Key", Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
            "--Granary:Cluster:Tls:Authority", Write("ca.crt", _certificate.ExportCertificatePem()),
        ];
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Write(string file, string pem)
    {
        var path = Path.Combine(_directory.FullName, file);
        File.WriteAllText(path, pem);
        return path;
    }
}
