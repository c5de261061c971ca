using System.Security.Cryptography.X509Certificates;

namespace Granary.Grains.Certificates;

/// <summary>What came of reading a certificate.</summary>
public abstract record CertificateReading
{
    private CertificateReading()
    {
    }

    /// <param name="Leaf">With its private key.</param>
    /// <param name="Above">What was beside it in the file, to be sent with it.</param>
    public sealed record Complete(X509Certificate2 Leaf, X509Certificate2Collection Above) : CertificateReading
    {
        /// <summary>The names that it is for.</summary>
        public IEnumerable<string> Names => Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames());

        public DateTimeOffset Expires => new(Leaf.NotAfter.ToUniversalTime());
    }

    public sealed record Refused(CertificateFault Why) : CertificateReading;
}
