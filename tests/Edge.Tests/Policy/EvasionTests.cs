using CsCheck;
using Granary.Edge.Policy;
using Granary.Semantics.Messages;

namespace Granary.Edge.Tests.Policy;

/// <summary>Other spellings of what a rule denies meet the rule too, and other spellings of what a rule allows do not.</summary>
[Trait("Issue", "7"), Trait("Promise", "P8")]
public sealed class EvasionTests
{
    private static readonly AccessPolicy Denies = Rules.Of(
        "Rules:0:Action=Deny", "Rules:0:Hosts=.bad.example;bücher.example;192.0.2.66;2001:db8::66",
        "Rules:1:Action=Deny", "Rules:1:Urls=http://good.example/secret/*;http://good.example/one/page;*://*/ads/banner*",
        "Rules:2:Action=Deny", "Rules:2:FileTypes=exe;tar.gz");

    [Theory]
    [InlineData("http://bad.example/")]
    [InlineData("HTTP://BAD.EXAMPLE/")]
    [InlineData("http://bAd.eXample:80/x")]
    [InlineData("http://bad.example:8080/x")]
    [InlineData("http://bad.example./")]
    [InlineData("http://bad.example.:80/")]
    [InlineData("http://www.bad.example/")]
    [InlineData("http://a.b.c.Bad.Example./x?y")]
    [InlineData("https://bad.example/")]
    [InlineData("http://bad.example?x")]
    [InlineData("http://xn--bcher-kva.example/")]
    [InlineData("http://XN--BCHER-KVA.example./")]
    [InlineData("http://192.0.2.66/")]
    [InlineData("http://3221226050/")]
    [InlineData("http://0xc0000242/")]
    [InlineData("http://0xC0.0.2.66/")]
    [InlineData("http://0300.0.2.0102/")]
    [InlineData("http://192.0.578/")]
    [InlineData("http://192.578/")]
    [InlineData("http://192.0.2.66./")]
    [InlineData("http://[::ffff:192.0.2.66]/")]
    [InlineData("http://[::ffff:c000:242]/")]
    [InlineData("http://[2001:db8::66]/")]
    [InlineData("http://[2001:DB8:0:0:0:0:0:66]/")]
    [InlineData("http://[2001:0db8::0066]:8080/")]
    [InlineData("http://good.example/secret/file")]
    [InlineData("http://good.example./secret/file")]
    [InlineData("http://good.example:8080/secret/file")]
    [InlineData("http://good.example/SECRET/file")]
    [InlineData("http://good.example/%73ecret/file")]
    [InlineData("http://good.example/%53ecret/file")]
    [InlineData("http://good.example/%2573ecret/file")]
    [InlineData("http://good.example/%25252573ecret/file")]
    [InlineData("http://good.example//secret/file")]
    [InlineData("http://good.example/secret%2Ffile")]
    [InlineData("http://good.example/secret%2ffile")]
    [InlineData("http://good.example/secret%5Cfile")]
    [InlineData("http://good.example/secret\\file")]
    [InlineData("http://good.example/./secret/file")]
    [InlineData("http://good.example/x/../secret/file")]
    [InlineData("http://good.example/x/%2e%2e/secret/file")]
    [InlineData("http://good.example/x/%2E./secret/file")]
    [InlineData("http://good.example/../../secret/file")]
    [InlineData("http://good.example/secret;v=1/file")]
    [InlineData("http://good.example/secret%3Bv=1/file")]
    [InlineData("http://good.example/sec%0Aret/file")]
    [InlineData("http://good.example/one/page")]
    [InlineData("http://good.example/one/page/")]
    [InlineData("http://good.example/one/page?any")]
    [InlineData("http://good.example/one/page%00.html")]
    [InlineData("http://good.example/one//page;x?y")]
    [InlineData("https://any.example:8443/ads/banner1.gif")]
    [InlineData("http://other.example/setup.exe")]
    [InlineData("http://other.example/setup.EXE?x")]
    [InlineData("http://other.example/setup%2Eexe")]
    [InlineData("http://other.example/setup.%65xe")]
    [InlineData("http://other.example/setup.exe;jsessionid=1")]
    [InlineData("http://other.example/setup.exe%00.txt")]
    [InlineData("http://other.example/setup.exe.")]
    [InlineData("http://other.example/setup.exe%20")]
    [InlineData("http://other.example/setup.exe/")]
    [InlineData("http://other.example/a.tar.gz")]
    [InlineData("http://other.example/x%5Csetup.exe")]
    public void No_other_spelling_evades_a_rule_that_denies(string target) => Assert.Equal(Verdict.Deny, Denies.Gets(target).Verdict);

    [Theory]
    [InlineData("bad.example")]
    [InlineData("BAD.example.")]
    [InlineData("x.bad.example")]
    [InlineData("xn--BCHER-kva.example")]
    [InlineData("b\u00fccher.example")]
    [InlineData("B\u00dcCHER.example")]
    [InlineData("192.0.2.66")]
    [InlineData("0xc0.0.2.66")]
    [InlineData("3221226050")]
    [InlineData("::ffff:192.0.2.66")]
    [InlineData("2001:db8:0::66")]
    public void No_other_spelling_of_a_host_gets_a_tunnel(string host)
    {
        Assert.Equal(Verdict.Deny, Denies.Opens(host).Verdict);
        Assert.Equal(Verdict.Deny, Denies.Opens(host, 1080, Silo.Configuration.Values.PolicyWay.Socks).Verdict);
    }

    [Theory]
    [InlineData("http://user@bad.example/")]
    [InlineData("http://good.example@bad.example/")]
    [InlineData("http://bad%2Eexample/")]
    [InlineData("http://%62ad.example/")]
    [InlineData("http://bad.example%00.good.example/")]
    [InlineData("http://bad.example#.good.example/")]
    [InlineData("http://good.example/secret/#x")]
    [InlineData("http://b\u00fccher.example/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://bad.example:080000/")]
    [InlineData("http:/bad.example/")]
    public void What_is_no_target_never_comes_to_the_rules(string target) => Assert.Null(TargetUri.Effective("http", "", target));

    [Theory]
    [InlineData("http://notbad.example/")]
    [InlineData("http://bad.example.org/")]
    [InlineData("http://bad.exampl/")]
    [InlineData("http://192.0.2.6/")]
    [InlineData("http://good.example/secrets/file")]
    [InlineData("http://good.example/x?/secret/file")]
    [InlineData("https://good.example/secret/file")]
    [InlineData("http://good.example/one/page2")]
    [InlineData("http://other.example/exe")]
    [InlineData("http://other.example/a.gz")]
    [InlineData("http://other.example/?file=setup.exe")]
    public void What_is_something_else_is_not_denied(string target) => Assert.Equal(Verdict.Allow, Denies.Gets(target).Verdict);

    private static readonly AccessPolicy Allows = Rules.Of(
        "Default=Deny", "Rules:0:Action=Allow", "Rules:0:Hosts=*.good.example", "Rules:1:Action=Allow", "Rules:1:Urls=http://files.example/public/*;http://*.cdn.example/*",
        "Rules:2:Action=Allow", "Rules:2:FileTypes=txt", "Rules:2:Hosts=text.example");

    [Theory]
    [InlineData("http://good.example/")]
    [InlineData("http://evilgood.example/")]
    [InlineData("http://www.good.example.evil.example/")]
    [InlineData("http://files.example/private/x")]
    [InlineData("http://files.example/public/../private/x")]
    [InlineData("http://files.example/public/%2e%2e/private/x")]
    [InlineData("http://files.example/public/..%2fprivate/x")]
    [InlineData("http://files.example/public/..%5cprivate/x")]
    [InlineData("http://files.example/public/%252e%252e/private/x")]
    [InlineData("http://files.example/public/..;/private/x")]
    [InlineData("http://files.example/PUBLIC/x")]
    [InlineData("http://files.example:8080/public/x")]
    [InlineData("https://files.example/public/x")]
    [InlineData("http://evil.example/x.cdn.example/y")]
    [InlineData("http://evil.example/?.cdn.example/")]
    [InlineData("http://text.example/x.txt/../y.exe")]
    [InlineData("http://text.example/x.exe%00.txt")]
    [InlineData("http://text.example/x.exe?.txt")]
    public void No_spelling_stretches_a_rule_that_allows(string target) => Assert.Equal(Verdict.Deny, Allows.Gets(target).Verdict);

    [Theory]
    [InlineData("http://www.good.example/")]
    [InlineData("http://WWW.Good.Example.:81/any")]
    [InlineData("http://files.example/public/x")]
    [InlineData("http://files.example:80/%70ublic/x?y")]
    [InlineData("http://a.cdn.example/y")]
    [InlineData("http://text.example/x.txt")]
    public void What_a_rule_allows_goes_on(string target) => Assert.Equal(Verdict.Allow, Allows.Gets(target).Verdict);

    [Fact]
    public void No_mixture_of_spellings_evades_a_rule_that_denies() =>
        Gen.Int[0, 7].Array["/secret/file".Length].Select(Gen.Int[0, 4]).Sample(static (spellings, host) =>
        {
            var path = string.Concat("/secret/file".Select((c, i) => Spelt(c, spellings[i])));
            var target = $"http://{new[] { "good.example", "GOOD.example.", "good.example:80", "Good.Example.:81", "good.example.:00080" }[host]}/{path}";
            return Denies.Gets(target).Verdict is Verdict.Deny;
        });

    private static string Spelt(char c, int how) => (c, how) switch
    {
        ('/', 1) => "//",
        ('/', 2) => "/./",
        ('/', 3) => "/x/%2e%2E/",
        ('/', 4) => "/%5C",
        ('/', 5) => ";a=b/",
        ('/', 6) => "/a;b/..;c/",
        (_, 1) => $"%{(int)c:x2}",
        (_, 2) => $"%25{(int)c:X2}",
        (_, 3) => char.ToUpperInvariant(c).ToString(),
        (_, 4) => $"%{(int)char.ToUpperInvariant(c):X2}",
        (_, 5) => $"%2525{(int)c:x2}",
        (_, 6) => $"%0d{c}",
        _ => c.ToString(),
    };

    [Fact]
    public void A_host_that_cannot_be_read_is_denied_under_any_policy()
    {
        var policy = Rules.Of("Rules:0:Action=Allow");
        Assert.Equal(Verdict.Allow, policy.Opens("good.example").Verdict);
        Assert.Equal("unreadable", policy.Opens("a\u00a0b.example").Rule.Title);
        Assert.Equal("unreadable", policy.Opens("..").Rule.Title);
    }
}
