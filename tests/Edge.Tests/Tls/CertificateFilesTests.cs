using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;

namespace Granary.Edge.Tests.Tls;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public void A_certificate_is_read_from_PEM_with_its_key_beside_it_or_in_the_same_file_and_what_is_above_it_comes_along()
    {
        var issued = _issuer.ByIntermediate("www.example.com", "example.com");
        var (certificate, key) = _issuer.Files("a", issued);
        var both = _issuer.Write("both.pem", issued.Pem + "\n" + issued.Key);
        foreach (var files in (CertificateFiles[])[new(certificate, key), new(both)])
        {
            var read = Assert.IsType<CertificateReading.Complete>(files.Read());
            Assert.Equal(issued.Thumbprint, read.Leaf.Thumbprint);
            Assert.True(read.Leaf.HasPrivateKey);
            Assert.Equal("CN=in between", Assert.Single(read.Above).Subject);
            Assert.Equal(["www.example.com", "example.com"], read.Names);
            Assert.Equal(Issuer.Ends, read.Expires);
        }
    }

    [Theory]
    [InlineData("s3cret\n")]
    [InlineData("with a space")]
    public void The_password_of_a_PFX_or_of_a_key_is_the_first_line_of_a_file(string password)
    {
        using var certificate = _issuer.ForServer("a.example").Load();
        var first = password.TrimEnd();
        var words = _issuer.Write("password", password);
        var pfx = _issuer.Write("a.pfx", certificate.Export(X509ContentType.Pfx, first));
        var pem = _issuer.Write("a.pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        var encrypted = _issuer.Write("a.key", key.ExportEncryptedPkcs8PrivateKeyPem(first, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));

        Assert.Equal(certificate.Thumbprint, Assert.IsType<CertificateReading.Complete>(new CertificateFiles(pfx, PasswordFile: words).Read()).Leaf.Thumbprint);
        Assert.True(Assert.IsType<CertificateReading.Complete>(new CertificateFiles(pem, encrypted, words).Read()).Leaf.HasPrivateKey);
        Assert.Equal(new CertificateReading.Refused(CertificateFault.WrongPassword), new CertificateFiles(pfx).Read());
        Assert.Equal(new CertificateReading.Refused(CertificateFault.WrongPassword), new CertificateFiles(pem, encrypted).Read());
    }

    [Fact]
    public void What_is_wrong_with_files_is_told_apart()
    {
        var (certificate, key) = _issuer.Files("a", _issuer.ForServer("a.example"));
        var (_, other) = _issuer.Files("b", _issuer.ForServer("b.example"));
        var cut = _issuer.Write("cut.key", File.ReadAllText(key)[..80]);
        var damaged = _issuer.Write("damaged.key", File.ReadAllText(key).Replace("MIG", "AAA", StringComparison.Ordinal));
        var text = _issuer.Write("text.crt", "not a certificate");
        var halfPem = _issuer.Write("half.crt", File.ReadAllText(certificate)[..120]);
        foreach (var (files, fault) in ((CertificateFiles, CertificateFault)[])
            [
                (new(certificate), CertificateFault.NoKey), (new(certificate, other), CertificateFault.KeyDoesNotMatch), (new(certificate, cut), CertificateFault.KeyDoesNotMatch),
                (new(certificate, damaged), CertificateFault.KeyDoesNotMatch), (new(certificate, certificate), CertificateFault.NoKey), (new(text, key), CertificateFault.NoCertificate),
                (new(halfPem, key), CertificateFault.NoCertificate), (new(_issuer.Write("empty", ""), key), CertificateFault.NoCertificate),
                (new(certificate + ".not", key), CertificateFault.Unreadable), (new(certificate, key + ".not"), CertificateFault.Unreadable),
                (new(_issuer.Write("large", new byte[2 << 20])), CertificateFault.Unreadable),
            ])
            Assert.Equal(new CertificateReading.Refused(fault), files.Read());
    }
}
