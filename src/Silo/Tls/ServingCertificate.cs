using System.Net.Security;
using Granary.Grains.Certificates;

namespace Granary.Silo.Tls;

/// <summary>A certificate that is shown, ready for handshakes.</summary>
internal sealed class ServingCertificate(CertificateReading.Complete certificate)
{
    // Offline: what is to be sent with it is in the file, and nothing is fetched while clients wait.
    public SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(certificate.Leaf, certificate.Above, offline: true);

    public CertificateReading.Complete Certificate => certificate;
}
