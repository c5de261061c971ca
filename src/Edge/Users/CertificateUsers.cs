using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Granary.Silo.Configuration;

namespace Granary.Edge.Users;

/// <summary>The name of a user in a certificate that the handshake has accepted.</summary>
internal static class CertificateUsers
{
    private const string CommonName = "2.5.4.3";

    // A connection shows the same one with each request.
    private static readonly ConditionalWeakTable<X509Certificate2, Names> Read = [];

    public static string? NameIn(X509Certificate2 shown, CertificateUser which)
    {
        var names = Read.GetValue(shown, static shown => new Names(CommonNameOf(shown), DnsNameOf(shown), shown.GetNameInfo(X509NameType.EmailName, forIssuer: false)));
        var name = which switch
        {
            CertificateUser.CommonName => names.Common,
            CertificateUser.DnsName => names.Dns,
            CertificateUser.Email => names.Email,
            _ => null,
        };
        return UserName.IsOne(name) ? name : null;
    }

    // The one nearest to the person stands first, as people read it.
    private static string? CommonNameOf(X509Certificate2 shown) =>
        shown.SubjectName.EnumerateRelativeDistinguishedNames().Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName).Select(static part => part.GetSingleElementValue()).FirstOrDefault();

    private static string? DnsNameOf(X509Certificate2 shown) =>
        shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames()).FirstOrDefault();

    private sealed record Names(string? Common, string? Dns, string? Email);
}
