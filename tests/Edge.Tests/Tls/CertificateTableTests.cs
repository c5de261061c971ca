using Granary.Grains.Certificates;
using Granary.Silo.Tls;

namespace Granary.Edge.Tests.Tls;

public sealed class CertificateTableTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory, Trait("Spec", "RFC 6066 §3"), Trait("Kind", "required")]
    [InlineData("www.example.com", 0)]
    [InlineData("WWW.Example.COM", 0)]
    [InlineData("git.example.com", 1)]
    [InlineData("a.git.example.com", 2)]
    [InlineData("example.com", 2)]
    [InlineData(".example.com", 2)]
    [InlineData("*.example.com", 1)]
    [InlineData("*", 2)]
    [InlineData("", 2)]
    [InlineData(null, 2)]
    [InlineData("10.0.0.1", 2)]
    public void The_most_specific_certificate_is_shown(string? name, int expected)
    {
        var certificates = Enumerable.Range(0, 3).Select(_ => Serving()).ToArray();
        var table = new CertificateTable([(["www.example.com"], certificates[0]), (["*.example.com"], certificates[1]), (["*"], certificates[2])]);
        Assert.Same(certificates[expected], table.For(name, refuses: true));
    }

    [Fact]
    public void A_name_that_none_has_is_shown_the_first_certificate_or_none()
    {
        var first = Serving();
        var table = new CertificateTable([(["a.example"], first), (["b.example"], Serving())]);
        Assert.Same(first, table.For("c.example", refuses: false));
        Assert.Null(table.For("c.example", refuses: true));
        Assert.Null(table.For(null, refuses: true));
        Assert.Null(CertificateTable.Empty.For("a.example", refuses: false));
    }

    private ServingCertificate Serving() => new((CertificateReading.Complete)new CertificateFiles(_issuer.Write("a.pem", Joined(_issuer.ForServer("a.example")))).Read());

    private static string Joined(Issued issued) => issued.Pem + "\n" + issued.Key;
}
