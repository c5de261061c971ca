using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;

namespace Granary.Edge.Inspection;

/// <summary>Makes the certificate that the client of an inspected tunnel is shown, by the profile of RFC 5280 §4.</summary>
internal static class LeafCertificate
{
    /// <summary>How long one is valid: browsers ask for days, and nobody can revoke it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Clocks of clients may be behind.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    private const int LongestCommonName = 64; // RFC 5280 §A.1

    private const int SerialBytes = 16;

    /// <param name="host">A name of letters, digits, hyphens, underscores and dots, or an address.</param>
    /// <returns>With a key of its own. Never valid for longer than the authority.</returns>
    public static X509Certificate2 Mint(X509Certificate2 authority, string host, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(SubjectOf(host), key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificateUsage.Server)], critical: false));
        extensions.Add(NamesOf(host));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        extensions.Add(IdentifierOf(authority));
        using var leaf = Sign(request, authority, Later(now - Skew, authority.NotBefore), Earlier(now + Lifetime, authority.NotAfter));
        return leaf.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 authority, DateTimeOffset begins, DateTimeOffset ends)
    {
        using var elliptic = authority.GetECDsaPrivateKey();
        using var rsa = elliptic is null ? authority.GetRSAPrivateKey() : null;
        var generator = elliptic is not null ? X509SignatureGenerator.CreateForECDsa(elliptic)
            : X509SignatureGenerator.CreateForRSA(rsa ?? throw new CryptographicException("The key of the authority is neither RSA nor of an elliptic curve."), RSASignaturePadding.Pkcs1);
        return request.Create(authority.SubjectName, generator, begins, ends > begins ? ends : begins.AddSeconds(1), Serial());
    }

    // RFC 5280 §4.1.2.2: positive, and nobody can tell the next one.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static X500DistinguishedName SubjectOf(string host)
    {
        var subject = new X500DistinguishedNameBuilder();
        if (host.Length <= LongestCommonName) subject.AddCommonName(host);
        else subject.AddOrganizationName("inspected");
        return subject.Build();
    }

    private static X509Extension NamesOf(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        return names.Build();
    }

    private static X509AuthorityKeyIdentifierExtension IdentifierOf(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier
            ? X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier)
            : X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(authority.SubjectName, authority.SerialNumberBytes.Span);

    private static DateTimeOffset Later(DateTimeOffset one, DateTime other) => one > other.ToUniversalTime() ? one : new DateTimeOffset(other.ToUniversalTime());

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) => one < other.ToUniversalTime() ? one : new DateTimeOffset(other.ToUniversalTime());
}
