using System.Net;
using Granary.Edge.Policy;
using Granary.Edge.Users;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Verdict = Granary.Edge.Policy.Verdict;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7")]
public sealed class CriterionTests
{
    [Fact]
    public void The_first_rule_that_matches_decides_and_then_the_default()
    {
        var policy = Rules.Of("Default=Deny", "Rules:0:Action=Deny", "Rules:0:Hosts=a.x", "Rules:1:Name=x", "Rules:1:Action=Allow", "Rules:1:Hosts=.x", "Rules:2:Action=Deny");
        Assert.Equal("rule-1", policy.Gets("http://a.x/").Rule.Title);
        Assert.Equal((Verdict.Allow, "x"), (policy.Gets("http://b.x/").Verdict, policy.Gets("http://b.x/").Rule.Title));
        Assert.Equal("rule-3", policy.Gets("http://c.y/").Rule.Title);
        Assert.Equal((Verdict.Deny, "default"), (Rules.Of("Default=Deny").Gets("http://c.y/").Verdict, Rules.Of("Default=Deny").Gets("http://c.y/").Rule.Title));
        Assert.Null(AccessPolicy.Of(new PolicySettings(), []));
    }

    [Fact]
    public void All_criteria_of_a_rule_have_to_match_and_one_value_of_each_is_enough()
    {
        var policy = Rules.Of("Rules:0:Action=Deny", "Rules:0:From=10.0.0.0/8;192.0.2.0/24", "Rules:0:Methods=POST;PUT", "Rules:0:Ports=80;8000-8099", "Rules:0:Ways=Http");
        Assert.Equal(Verdict.Deny, policy.Gets("http://x:8042/", "put").Verdict);
        Assert.Equal(Verdict.Deny, policy.Gets("http://x/", "POST", from: "::ffff:10.1.1.1").Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x/", "GET").Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x/", "POST", from: "172.16.0.1").Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x:8100/", "POST").Verdict);
        Assert.Equal(Verdict.Allow, policy.Opens("x", 80).Verdict);
    }

    [Fact]
    public void Users_and_groups_are_known_or_not_and_a_rule_that_allows_takes_them_to_the_letter()
    {
        var policy = Rules.Of(
            "Default=Deny", "Rules:0:Action=Deny", "Rules:0:Users=mallory", "Rules:1:Action=Allow", "Rules:1:Groups=Domain Users;staff", "Rules:1:Hosts=x",
            "Rules:2:Action=Allow", "Rules:2:Users=alice", "Rules:3:Action=Allow", "Rules:3:Users=*", "Rules:3:Hosts=known");
        Assert.Equal(Verdict.Deny, policy.Gets("http://x/").Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x/", user: new ClientIdentity("bob", ["Domain Users"])).Verdict);
        Assert.Equal(Verdict.Deny, policy.Gets("http://x/", user: new ClientIdentity("bob", ["Staff"])).Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://y/", user: new ClientIdentity("alice", [])).Verdict);
        Assert.Equal(Verdict.Deny, policy.Gets("http://y/", user: new ClientIdentity("Alice", [])).Verdict);
        Assert.Equal("rule-1", policy.Gets("http://known/", user: new ClientIdentity("MALLORY", ["staff"])).Rule.Title);
        Assert.Equal(Verdict.Allow, policy.Gets("http://known/", user: new ClientIdentity("eve", [])).Verdict);
        Assert.Equal(Verdict.Deny, policy.Gets("http://known/").Verdict);
    }

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-05T08:00:00Z", true)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-05T07:59:59Z", false)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-05T17:59:59Z", true)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-05T18:00:00Z", false)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-01-04T12:00:00Z", false)]
    [InlineData("Sat,Sun", "2026-01-04T23:59:59Z", true)]
    [InlineData("Sat,Sun", "2026-01-05T00:00:00Z", false)]
    [InlineData("Fri-Mon", "2026-01-05T00:00:00Z", true)]
    [InlineData("Fri-Mon", "2026-01-06T00:00:00Z", false)]
    [InlineData("22:00-06:00", "2026-01-05T05:59:00Z", true)]
    [InlineData("22:00-06:00", "2026-01-05T06:00:00Z", false)]
    [InlineData("22:00-06:00", "2026-01-05T22:00:00Z", true)]
    [InlineData("Sun 22:00-06:00", "2026-01-05T05:00:00Z", true)]
    [InlineData("Sun 22:00-06:00", "2026-01-04T05:00:00Z", false)]
    [InlineData("Sat 22:00-06:00", "2026-01-04T05:00:00Z", true)]
    [InlineData("12:00-12:00", "2026-01-05T03:00:00Z", true)]
    [InlineData("Mon 00:00-24:00", "2026-01-05T23:59:59Z", true)]
    [InlineData("Mon 12:00-24:00", "2026-01-06T00:00:00Z", false)]
    [InlineData("Tue 10:00-11:00; Mon 12:00-13:00", "2026-01-05T12:30:00Z", true)]
    public void Times_begin_on_their_day_and_may_go_over_midnight(string times, string at, bool within) =>
        Assert.Equal(within ? Verdict.Deny : Verdict.Allow, Rules.Of("Rules:0:Action=Deny", $"Rules:0:Times={times}").Gets("http://x/", at: DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).Verdict);

    [Theory]
    [InlineData("2026-01-05T06:59:59Z", false)] // winter: 07:59:59 in Berlin
    [InlineData("2026-01-05T07:00:00Z", true)]
    [InlineData("2026-07-06T05:59:59Z", false)] // summer
    [InlineData("2026-07-06T06:00:00Z", true)]
    [InlineData("2026-03-29T00:59:59Z", false)] // the hour that is left out
    [InlineData("2026-10-25T00:30:00Z", true)]  // the hour that comes twice: 02:30, both times
    [InlineData("2026-10-25T01:30:00Z", true)]
    public void Times_are_told_by_the_zone_of_the_rule(string at, bool within) =>
        Assert.Equal(within ? Verdict.Deny : Verdict.Allow, Rules.Of("Rules:0:Action=Deny", "Rules:0:Times=Mon 08:00-18:00;Sun 02:00-03:00", "Rules:0:TimeZone=Europe/Berlin")
            .Gets("http://x/", at: DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).Verdict);

    [Fact]
    public void Addresses_are_asked_for_only_when_all_else_of_the_rule_matches()
    {
        var policy = Rules.Of("Rules:0:Action=Allow", "Rules:0:Hosts=sure.x", "Rules:1:Action=Deny", "Rules:1:Addresses=203.0.113.0/24", "Rules:1:Methods=GET");
        Assert.Equal(Verdict.Allow, policy.Gets("http://sure.x/").Verdict);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x/", "POST").Verdict);
        Assert.Equal(Verdict.NeedsAddresses, policy.Gets("http://x/").Verdict);
    }

    [Theory]
    [InlineData("203.0.113.9", true, true)]
    [InlineData("198.51.100.1", false, false)]
    [InlineData("198.51.100.1;203.0.113.9", true, false)]
    [InlineData("203.0.113.9;203.0.113.10", true, true)]
    [InlineData("::ffff:203.0.113.9", true, true)]
    [InlineData("64:ff9b::cb00:7109", true, true)]
    [InlineData("2002:cb00:7109::1", true, true)]
    [InlineData("2001:db8::1", false, false)]
    public void Of_several_addresses_one_is_enough_to_deny_and_all_are_needed_to_allow(string addresses, bool denies, bool allows)
    {
        var all = addresses.Split(';');
        Assert.Equal(denies ? Verdict.Deny : Verdict.Allow, Rules.Of("Rules:0:Action=Deny", "Rules:0:Addresses=203.0.113.0/24").Opens("x", addresses: all).Verdict);
        Assert.Equal(allows ? Verdict.Allow : Verdict.Deny, Rules.Of("Default=Deny", "Rules:0:Action=Allow", "Rules:0:Addresses=203.0.113.0/24").Opens("x", addresses: all).Verdict);
    }

    [Fact]
    public void A_tunnel_has_no_url_and_no_file_type_and_where_requests_are_redirected_it_is_denied()
    {
        var policy = Rules.Of("Rules:0:Action=Deny", "Rules:0:Urls=*://*/*", "Rules:1:Action=Deny", "Rules:1:FileTypes=exe", "Rules:2:Action=Redirect", "Rules:2:To=http://intra.example/", "Rules:2:Ports=443");
        Assert.Equal(Verdict.Deny, policy.Opens("x.exe").Verdict);
        Assert.Equal("rule-3", policy.Opens("x.exe").Rule.Title);
        Assert.Equal(Verdict.Allow, policy.Opens("x.exe", 444).Verdict);
        Assert.Equal(Verdict.Redirect, Rules.Of("Rules:0:Action=Redirect", "Rules:0:To=http://intra.example/").Gets("http://x/").Verdict);
        Assert.Equal(Verdict.Allow, Rules.Of("Rules:0:Action=Deny", "Rules:0:Methods=CONNECT").Opens("x", way: PolicyWay.Socks).Verdict);
        Assert.Equal(Verdict.Deny, Rules.Of("Rules:0:Action=Deny", "Rules:0:Methods=CONNECT").Opens("x").Verdict);
    }

    [Fact]
    public void A_rule_is_passed_over_for_the_first_criterion_that_does_not_match()
    {
        var against = new List<string>();
        Rules.Of("Rules:0:Action=Deny", "Rules:0:Ports=81", "Rules:1:Action=Deny", "Rules:1:Hosts=y", "Rules:1:Ports=80", "Rules:2:Action=Deny")
            .Judge(PolicyRequest.OfUri(IPAddress.Loopback, null, "GET", "http://x/", Rules.Noon), (rule, criterion) => against.Add($"{rule.Title} {criterion.Name}"));
        Assert.Equal(["rule-1 Ports", "rule-2 Hosts"], against);
    }

    [Theory]
    [InlineData("Skip", false)]
    [InlineData("Deny", true)]
    public void Without_its_list_a_rule_that_all_else_matches_denies_or_is_passed_over(string whenMissing, bool denies)
    {
        using var file = Configuration.ConfigFile.With("");
        var policy = Rules.Of("Rules:0:Action=Allow", "Rules:0:Hosts=list:some", "Rules:0:Methods=GET", "Lists:0:Name=some", $"Lists:0:File={file.Path}", $"Lists:0:WhenMissing={whenMissing}");
        Assert.Equal(denies ? Verdict.Deny : Verdict.Allow, policy.Gets("http://x/").Verdict);
        Assert.Equal(denies ? "rule-1" : "default", policy.Gets("http://x/").Rule.Title);
        Assert.Equal(Verdict.Allow, policy.Gets("http://x/", "POST").Verdict);
        policy.Lists[0].Becomes(Rules.List("y"), Rules.Noon);
        Assert.Equal(("default", "rule-1"), (policy.Gets("http://x/").Rule.Title, policy.Gets("http://y/").Rule.Title));
    }
}
