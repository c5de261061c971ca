using System.Security.Cryptography.X509Certificates;
using Granary.Language;
using Granary.Silo.Configuration;
using Granary.Silo.Membership.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Silo.Tests.Membership;

public sealed class MemberCertificatesTests : IDisposable
{
    private readonly Authority _authority = Authority.Begins();
    private readonly Authority _another = Authority.Begins();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose()
    {
        _authority.Dispose();
        _another.Dispose();
    }

    [Fact]
    public void Who_has_a_certificate_of_the_authority_is_a_member_and_nobody_else()
    {
        var certificates = MemberCertificates.Of(Files(_authority), _clock)!;
        using var member = Shown(_authority);
        using var stranger = Shown(_another);
        Assert.True(certificates.IsMember(member));
        Assert.False(certificates.IsMember(stranger));
        Assert.False(certificates.IsMember(null));
    }

    [Fact]
    public void Without_a_certificate_there_is_no_TLS() => Assert.Null(MemberCertificates.Of(new TlsSettings(), _clock));

    [Fact]
    public void A_file_that_is_no_certificate_stops_the_start_with_one_sentence()
    {
        var files = Files(_authority);
        File.WriteAllText(files.Certificate!, "not a certificate");
        var broken = Assert.Throws<IOException>(() => MemberCertificates.Of(files, _clock));
        Assert.StartsWith("the files of Granary:Cluster:Tls cannot be used", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_broken_later_changes_nothing_and_one_that_is_replaced_holds_soon()
    {
        var files = Files(_authority);
        var certificates = MemberCertificates.Of(files, _clock)!;
        using var member = Shown(_authority);
        using var other = Shown(_another);

        Rewrite(files.Authority!, "half writ", later: 1);
        Assert.True(certificates.IsMember(member));

        Rewrite(files.Authority!, File.ReadAllText(Files(_another).Authority!), later: 2);
        Assert.True(certificates.IsMember(other));
        Assert.False(certificates.IsMember(member));
    }

    private void Rewrite(string file, string text, int later)
    {
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(later)); // clocks of file systems are coarse
        _clock.Advance(TimeSpan.FromSeconds(11));
    }

    private static TlsSettings Files(Authority authority)
    {
        var switches = authority.Switches("silo");
        return new TlsSettings { Certificate = switches[1], Key = switches[3], Authority = switches[5] };
    }

    private static X509Certificate2 Shown(Authority authority) => X509CertificateLoader.LoadCertificateFromFile(authority.Switches("member")[1]);
}
