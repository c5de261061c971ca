using Granary.Edge.Policy;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Tests.Inspection;

public sealed class InspectionSettingsTests : IDisposable
{
    private static readonly string[] Inspecting = ["--Granary:Policy:Rules:0:Action", "Inspect"];

    private readonly Organisation _organisation = new();

    public void Dispose() => _organisation.Dispose();

    [Fact]
    public void An_authority_and_a_rule_are_all_that_is_needed() => Assert.IsType<ConfigurationOutcome.Valid>(Read([.. _organisation.Switches, .. Inspecting]));

    [Theory]
    [InlineData("Granary:Policy:Rules:0:Urls", "--Granary:Policy:Rules:0:Urls", "https://a.example/*")]
    [InlineData("Granary:Policy:Rules:0:FileTypes", "--Granary:Policy:Rules:0:FileTypes", "exe")]
    [InlineData("Granary:Inspection:Except", "--Granary:Inspection:Except", "list:banks")]
    [InlineData("Granary:Inspection:MaxCertificates", "--Granary:Inspection:MaxCertificates", "1")]
    [InlineData("Granary:Inspection:Certificate", "--origin", "http://127.0.0.1:1")]
    public void What_does_not_go_together_is_a_mistake(string key, params string[] more) => Mistakes([.. _organisation.Switches, .. Inspecting, .. more], key);

    [Fact]
    public void A_rule_that_inspects_needs_an_authority() => Mistakes(Inspecting, "Granary:Inspection:Certificate");

    [Fact]
    public void A_certificate_that_may_not_sign_others_is_none_of_an_authority()
    {
        _organisation.Renew(mayCertify: false);
        Assert.Contains("keyCertSign", Mistakes(_organisation.Switches, "Granary:Inspection:Certificate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_key_that_others_may_read_is_a_mistake_unless_that_is_wanted(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows()) return;
        _organisation.MayRead(UnixFileMode.UserRead | others);
        Assert.Contains("chmod 600", Mistakes(_organisation.Switches, "Granary:Inspection:Key"), StringComparison.Ordinal);
        Assert.IsType<ConfigurationOutcome.Valid>(Read([.. _organisation.Switches, "--Granary:Inspection:SharedKey", "true"]));
        var link = Path.ChangeExtension(_organisation.Key, "link");
        File.CreateSymbolicLink(link, _organisation.Key); // as a mounted secret has them
        Mistakes(["--Granary:Inspection:Certificate", _organisation.Certificate, "--Granary:Inspection:Key", link], "Granary:Inspection:Key");
    }

    [Fact]
    public void A_key_in_the_file_of_the_certificate_is_looked_after_as_well()
    {
        var both = _organisation.Writes("both.pem", File.ReadAllText(_organisation.Certificate) + "\n" + File.ReadAllText(_organisation.Key));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(both, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Mistakes(["--Granary:Inspection:Certificate", both], "Granary:Inspection:Certificate");
    }

    [Fact]
    public void A_rule_inspects_tunnels_that_are_no_exception_and_allows_what_is_asked_in_them()
    {
        var policy = Of("Default=Deny", "Rules:0:Action=Inspect", "Rules:0:Hosts=.example", "Rules:1:Action=Allow", "Rules:1:Hosts=other.test");
        Assert.Equal(Verdict.Inspect, Policy.Rules.Opens(policy, "www.example").Verdict);
        Assert.Equal(Verdict.Splice, Policy.Rules.Opens(policy, "BANK.example.").Verdict);
        Assert.Equal(Verdict.Allow, Policy.Rules.Gets(policy, "https://www.example/page").Verdict);
        Assert.Equal(Verdict.Allow, Policy.Rules.Gets(policy, "http://www.example/page").Verdict);
        Assert.Equal(Verdict.Deny, Policy.Rules.Opens(policy, "test").Verdict);
        Assert.Equal(Verdict.Allow, Policy.Rules.Opens(policy, "other.test").Verdict);
    }

    [Fact]
    public void Where_the_list_of_exceptions_has_never_come_tunnels_are_denied()
    {
        var settings = (ConfigurationOutcome.Valid)Policy.Rules.Read("Rules:0:Action=Allow", "Lists:0:Name=banks", "Lists:0:Url=http://lists.example/banks");
        var policy = new AccessPolicy(settings.Settings.Policy with { Rules = [new PolicyRuleSettings { Action = PolicyAction.Inspect }] }, [.. settings.Settings.Policy.Lists.Select(static list => new Edge.Policy.Lists.LoadedList(list))], [HostPattern.Parse("list:banks")!]);
        Assert.Equal((Verdict.Deny, "Except"), Policy.Rules.Opens(policy, "www.example") is var judged ? (judged.Verdict, judged.Reason!.Name) : default);
    }

    private AccessPolicy Of(params string[] settings)
    {
        var read = (ConfigurationOutcome.Valid)Read([.. _organisation.Switches, .. Policy.Rules.Switches(settings)]);
        return new AccessPolicy(read.Settings.Policy, [], [HostPattern.Parse("bank.example")!]);
    }

    private static ConfigurationOutcome Read(string[] args) => GranaryConfiguration.Read(args, new Dictionary<string, string?>());

    private static string Mistakes(string[] args, string key)
    {
        var mistaken = Assert.IsType<ConfigurationOutcome.Mistaken>(Read(args));
        Assert.Equal(key, Assert.Single(mistaken.Mistakes).Key);
        return mistaken.Message;
    }
}
