using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Granary.Grains.Certificates;

/// <summary>The bytes of a certificate's files, all read at one moment. They are compared by content: the time of a mounted secret's symbolic link does not change with what it points to.</summary>
public sealed class CertificateContents
{
    internal static readonly CertificateContents Unreadable = new(null, null, null);

    private readonly byte[]? _certificate;
    private readonly byte[]? _key;
    private readonly string? _password;

    internal CertificateContents(byte[]? certificate, byte[]? key, string? password) => (_certificate, _key, _password) = (certificate, key, password);

    public bool IsSame(CertificateContents? other) =>
        other is not null && Same(_certificate, other._certificate) && Same(_key, other._key) && string.Equals(_password, other._password, StringComparison.Ordinal);

    public CertificateReading Read()
    {
        if (_certificate is null) return new CertificateReading.Refused(CertificateFault.Unreadable);
        return _certificate.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? ReadPem(Encoding.UTF8.GetString(_certificate)) : ReadPfx(_certificate);
    }

    private CertificateReading ReadPem(string text)
    {
        var key = _key is null ? text : Encoding.UTF8.GetString(_key);
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            found.Clear();
        }

        if (found.Count == 0) return new CertificateReading.Refused(CertificateFault.NoCertificate);
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return new CertificateReading.Refused(CertificateFault.NoKey);
        var isEncrypted = key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        try
        {
            var leaf = isEncrypted ? X509Certificate2.CreateFromEncryptedPem(text, key, _password) : X509Certificate2.CreateFromPem(text, key);
            return new CertificateReading.Complete(leaf, [.. found.Skip(1)]);
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            return new CertificateReading.Refused(isEncrypted && (_password is null || IsAboutPassword(broken)) ? CertificateFault.WrongPassword : CertificateFault.KeyDoesNotMatch);
        }
    }

    private CertificateReading ReadPfx(byte[] pfx)
    {
        try
        {
            var found = X509CertificateLoader.LoadPkcs12Collection(pfx, _password, X509KeyStorageFlags.DefaultKeySet);
            if (found.Count == 0) return new CertificateReading.Refused(CertificateFault.NoCertificate);
            return found.FirstOrDefault(static certificate => certificate.HasPrivateKey) is { } leaf
                ? new CertificateReading.Complete(leaf, [.. found.Where(other => other != leaf)])
                : new CertificateReading.Refused(CertificateFault.NoKey);
        }
        catch (CryptographicException)
        {
            return new CertificateReading.Refused(LooksLikePfx(pfx) ? CertificateFault.WrongPassword : CertificateFault.NoCertificate);
        }
    }

    // There is no type of its own for it; only words.
    private static bool IsAboutPassword(Exception broken) => broken.Message.Contains("password", StringComparison.OrdinalIgnoreCase);

    // RFC 7292 §4: a SEQUENCE.
    private static bool LooksLikePfx(byte[] content) => content is [0x30, ..];

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}
