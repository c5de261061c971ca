using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;

namespace Granary.Silo.Tls;

/// <summary>What an authority that signs here needs beyond a certificate with its key.</summary>
internal static class SigningFiles
{
    public const string NoAuthority = "a certificate of an authority, with CA:TRUE and keyCertSign; this one may not sign others";

    public const string ReadByOthers = "a file that only its owner may read (chmod 600): whoever has the key is any site to your clients. Or set Granary:Inspection:SharedKey";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>RFC 5280 §4.2.1.9, §4.2.1.3.</summary>
    public static bool MaySign(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static basic => basic.CertificateAuthority)
            && certificate.Extensions.OfType<X509KeyUsageExtension>().All(static usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));

    /// <summary>Whether others than the owner may read or change the file that the key is in. What a symbolic link leads to counts.</summary>
    public static bool MayOthersRead(CertificateFiles files)
    {
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            using var file = File.OpenHandle(files.Key ?? files.Certificate);
            return (File.GetUnixFileMode(file) & Others) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // then there is no key to be read either
        }
    }
}
