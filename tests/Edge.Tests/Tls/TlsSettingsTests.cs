using System.Collections.Immutable;
using Granary.Edge.Tests.Configuration;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Tls;

public sealed class TlsSettingsTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public void A_list_of_certificates_is_read_from_a_file_from_the_command_line_and_from_the_environment()
    {
        var (certificate, key) = _issuer.Files("a", _issuer.ForServer("a.example"));
        using var file = ConfigFile.With($$$$"""{"Granary":{"Tls":{"Certificates":[{"Certificate":"{{{{certificate}}}}","Key":"{{{{key}}}}","Hosts":["A.example","*.b.example"]}],"MinVersion":"tls13","Hsts":{"MaxAge":"1h"} } } }""");
        foreach (var (args, environment) in ((string[], Dictionary<string, string?>)[])
            [
                (["--config", file.Path], []),
                (["--Granary:Tls:Certificates:0:Certificate", certificate, "--Granary:Tls:Certificates:0:Key", key, "--Granary:Tls:Certificates:0:Hosts", "a.example;*.b.example", "--Granary:Tls:MinVersion", "Tls13"], []),
                ([], new() { ["Granary__Tls__Certificates__0__Certificate"] = certificate, ["Granary__Tls__Certificates__0__Key"] = key, ["Granary__Tls__Certificates__0__Hosts__0"] = "a.example", ["Granary__Tls__Certificates__0__Hosts__1"] = "*.b.example", ["Granary__Tls__MinVersion"] = "Tls13" }),
            ])
        {
            var read = Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read([.. args, "--listen", "https://*:8443"], environment)).Settings.Tls;
            var one = Assert.Single(read.Certificates);
            Assert.Equal((certificate, key, TlsVersion.Tls13), (one.Certificate, one.Key, read.MinVersion));
            Assert.Equal("a.example *.b.example", string.Join(' ', one.Hosts));
        }
    }

    [Fact]
    public void All_mistakes_of_certificates_are_told_at_once_each_with_its_key_and_what_helps()
    {
        var (certificate, key) = _issuer.Files("a", _issuer.ForServer("a.example"));
        var (_, other) = _issuer.Files("b", _issuer.ForServer("b.example"));
        var text = _issuer.Write("text", "text");
        var pfx = _issuer.Write("a.pfx", new byte[] { 0x30, 0x82, 1, 2 });
        using var file = ConfigFile.With($$$$"""
            {"Granary":{"Listen":"https://*:8443","Orign":"http://a","Tls":{"ClientAuthority":"{{{{text}}}}","Certificates":[
              {"Certificate":"{{{{certificate}}}}","Key":"{{{{other}}}}"},{"Certificate":"{{{{certificate}}}}"},{"Certificate":"{{{{text}}}}","Key":"{{{{key}}}}"},{"Certificate":"{{{{pfx}}}}"},{"Certificate":"/not/there.pem","Key":"{{{{key}}}}"},
              {"Key":"{{{{key}}}}"},{"Certificate":"{{{{certificate}}}}","Key":"{{{{key}}}}","Hosts":"a b*c"}]},"Fetch":{"Tls":{"Authority":"{{{{key}}}}","Certificate":"{{{{certificate}}}}"} } } }
            """);
        var mistakes = Mistakes("--config", file.Path);
        Assert.Equal(
            [
                "Granary:Fetch:Tls:Authority there is none in it", "Granary:Fetch:Tls:Certificate with its private key", "Granary:Orign no such key",
                "Granary:Tls:Certificates:0:Key does not, or it is damaged", "Granary:Tls:Certificates:1:Certificate with its private key", "Granary:Tls:Certificates:2:Certificate there is none in it",
                "Granary:Tls:Certificates:3:Certificate the password", "Granary:Tls:Certificates:4:Certificate a file that is there", "Granary:Tls:Certificates:5:Certificate a file that is there",
                "Granary:Tls:Certificates:6:Hosts host names", "Granary:Tls:ClientAuthority there is none in it",
            ],
            mistakes.Select(static mistake => $"{mistake.Key} {Remedy(mistake.Allowed)}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Granary:Tls:ClientSubjectField", "--Granary:Tls:ClientSubjectField", "X-Subject")]
    [InlineData("Granary:Tls:RedirectPort", "--Granary:Tls:RedirectFrom", "*")]
    [InlineData("Granary:Tls:RedirectFrom", "--Granary:Tls:RedirectFrom", "http://*:81", "--Granary:Tls:RedirectPort", "443")]
    [InlineData("Granary:Tls:RedirectFrom", "--Granary:Tls:RedirectFrom", "https://*:443")]
    [InlineData("Granary:Tls:Hsts:Preload", "--Granary:Tls:Hsts:Preload", "true", "--Granary:Tls:Hsts:MaxAge", "400d")]
    [InlineData("Granary:Tls:Hsts:Preload", "--Granary:Tls:Hsts:Preload", "true", "--Granary:Tls:Hsts:IncludeSubDomains", "true", "--Granary:Tls:Hsts:MaxAge", "30d")]
    [InlineData("Granary:Tls:Hsts:IncludeSubDomains", "--Granary:Tls:Hsts:IncludeSubDomains", "true")]
    [InlineData("Granary:Tls:Http3", "--Granary:Tls:Http3", "true")]
    [InlineData("Granary:Fetch:Tls:TrustSystem", "--Granary:Fetch:Tls:TrustSystem", "false")]
    [InlineData("Granary:Fetch:Tls:ServerName", "--Granary:Fetch:Tls:ServerName", "a.example")]
    [InlineData("Granary:Fetch:Tls:ServerName", "--Granary:Fetch:Tls:ServerName", "*.example", "--origin", "https://10.0.0.1")]
    [InlineData("Granary:Tls:MinVersion", "--Granary:Tls:MinVersion", "Tls11")]
    public void Settings_that_do_not_go_together_are_mistakes(string key, params string[] args) => Assert.Equal(key, Assert.Single(Mistakes(args)).Key);

    [Fact]
    public void Asking_clients_for_certificates_needs_an_authority_and_certificates_of_ours()
    {
        Assert.Equal(["Granary:Tls:ClientAuthority", "Granary:Tls:ClientCertificates"], Mistakes("--Granary:Tls:ClientCertificates", "Required").Select(static mistake => mistake.Key));
        Assert.Equal("Granary:Tls:ClientCertificates", Assert.Single(Mistakes("--Granary:Tls:ClientCertificates", "Optional", "--Granary:Tls:ClientAuthority", _issuer.RootFile)).Key);
    }

    [Fact]
    public void Two_certificates_for_one_name_are_a_mistake()
    {
        var mistake = Assert.Single(Mistakes(_issuer.Switches((_issuer.ForServer("a.example"), "a.example"), (_issuer.ForServer("a.example"), "b.example;A.EXAMPLE"))));
        Assert.Equal(("Granary:Tls:Certificates:1:Hosts", "a.example"), (mistake.Key, mistake.Value));
    }

    private static ImmutableArray<ConfigurationMistake> Mistakes(params string[] args) =>
        Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(args, new Dictionary<string, string?>())).Mistakes;

    private static string Remedy(string allowed) =>
        new[] { "no such key", "does not, or it is damaged", "with its private key", "there is none in it", "the password", "a file that is there", "host names" }.First(part => allowed.Contains(part, StringComparison.Ordinal));
}
