using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Inspection;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Inspection;

[Trait("Spec", "RFC 5280 §4")]
public sealed class LeafCertificateTests : IDisposable
{
    private readonly Organisation _organisation = new();
    private readonly Clock _clock = new();
    private readonly Logs _logs = Logs.Begin();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SigningAuthority _authority;
    private readonly LeafCertificates _certificates;

    public LeafCertificateTests()
    {
        _authority = new SigningAuthority(() => _organisation.Settings, _clock.Time, new LoggerFactory([_logs]).CreateLogger<SigningAuthority>());
        _certificates = new LeafCertificates(_authority, () => _organisation.Settings with { MaxCertificates = 10 }, new InspectionMeter(_services.GetRequiredService<IMeterFactory>()), _clock.Time);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _organisation.Dispose();
        _services.Dispose();
        _logs.Dispose();
    }

    private async Task<X509Certificate2> For(string host) => (await _certificates.For(host)!.Within()).TargetCertificate;

    [Theory]
    [InlineData("www.example.com", "ec")]
    [InlineData("a_b.example", "rsa")]
    [InlineData("192.0.2.1", "ec")]
    [InlineData("2001:db8::1", "rsa")]
    [InlineData("a-label-of-forty-letters-is-not-yet-too-long.another-label-of-some-length.example", "ec")]
    public void A_certificate_is_valid_for_its_host_alone_and_for_days(string host, string kind)
    {
        using var key = (AsymmetricAlgorithm)(kind == "ec" ? ECDsa.Create(ECCurve.NamedCurves.nistP384) : RSA.Create(2048));
        _organisation.Renew(with: key);
        using var leaf = LeafCertificate.Mint(_authority.Current()!.Certificate, host, _clock.Now);
        using var chain = new X509Chain { ChainPolicy = _organisation.Trust(_clock.Now) };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        Assert.True(chain.Build(leaf), string.Join(", ", chain.ChainStatus.Select(static status => status.StatusInformation)));
        Assert.True(leaf.MatchesHostname(host, allowWildcards: false, allowCommonName: false));
        Assert.False(leaf.MatchesHostname("other.example"));
        Assert.Equal((_clock.Now.AddDays(-1).UtcDateTime, _clock.Now.AddDays(7).UtcDateTime), (leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime()));
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(_organisation.Root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes, leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value);
        Assert.Equal("1.2.840.10045.3.1.7", leaf.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value); // P-256
        Assert.True(leaf.HasPrivateKey && leaf.SerialNumberBytes.Length == 16 && leaf.SerialNumberBytes.Span[0] < 0x80);
    }

    [Fact]
    public void None_is_valid_for_longer_than_the_authority()
    {
        _organisation.Renew(ends: _clock.Now.AddDays(2));
        using var leaf = LeafCertificate.Mint(_authority.Current()!.Certificate, "a.example", _clock.Now);
        Assert.Equal(_clock.Now.AddDays(2).UtcDateTime, leaf.NotAfter.ToUniversalTime());
    }

    [Fact]
    public async Task One_is_made_once_and_anew_in_the_second_half_of_its_life()
    {
        var first = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => For("a.example")));
        Assert.Single(first.Distinct());
        _clock.Passes(TimeSpan.FromDays(3));
        Assert.Same(first[0], await For("a.example"));
        _clock.Passes(TimeSpan.FromDays(1));
        Assert.NotSame(first[0], await For("a.example"));
    }

    [Fact, Trait("Promise", "P7")]
    public async Task There_are_never_more_than_were_configured_and_those_in_use_stay()
    {
        var kept = await For("kept.example");
        for (var i = 0; i < 100; i++)
        {
            await For($"{i}.example");
            Assert.Same(kept, await For("kept.example"));
        }

        Assert.Equal(10, _certificates.Count);
    }

    [Fact]
    public async Task A_new_authority_signs_from_then_on_and_one_that_may_not_changes_nothing()
    {
        var before = await For("a.example");
        _organisation.Renew(mayCertify: false);
        await Looks(times: 2);
        Assert.Same(before, await For("a.example"));
        await _logs.Tell("AuthorityKept");
        _organisation.Renew();
        _organisation.MayRead(UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await Looks(times: 1);
        Assert.Same(before, await For("a.example"));
        _organisation.MayRead(UnixFileMode.UserRead);
        await Looks(times: 1);
        using var chain = new X509Chain { ChainPolicy = _organisation.Trust(_clock.Now) };
        Assert.True(chain.Build(await For("a.example")));
    }

    private async Task Looks(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _clock.Passes(5.Seconds());
            await For("a.example");
        }
    }
}
