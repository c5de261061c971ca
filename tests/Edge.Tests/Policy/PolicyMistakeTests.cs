using Granary.Edge.Tests.Configuration;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7")]
public sealed class PolicyMistakeTests
{
    [Theory]
    [InlineData("Rules:0:Hosts", "a b.example/x")]
    [InlineData("Rules:0:Hosts", "ads*.example")]
    [InlineData("Rules:0:Hosts", "*.192.0.2.1")]
    [InlineData("Rules:0:Hosts", "..example")]
    [InlineData("Rules:0:Hosts", "list:")]
    [InlineData("Rules:0:Hosts", "http://x")]
    [InlineData("Rules:0:Hosts", ";")]
    [InlineData("Rules:0:Urls", "www.example.com/x")]
    [InlineData("Rules:0:Urls", "ftp://x/")]
    [InlineData("Rules:0:Urls", "http://list:x/")]
    [InlineData("Rules:0:Urls", "http://x:0/")]
    [InlineData("Rules:0:Urls", "http://a*b/")]
    [InlineData("Rules:0:Urls", "http://x/#y")]
    [InlineData("Rules:0:Times", "Mo 08:00-18:00")]
    [InlineData("Rules:0:Times", "08:00")]
    [InlineData("Rules:0:Times", "8-18")]
    [InlineData("Rules:0:Times", "24:00-24:00")]
    [InlineData("Rules:0:Times", "08:00-24:01")]
    [InlineData("Rules:0:Times", "08:60-09:00")]
    [InlineData("Rules:0:Times", "Mon Tue 08:00-09:00")]
    [InlineData("Rules:0:TimeZone", "Nowhere/Land")]
    [InlineData("Rules:0:TimeZone", "/etc/passwd")]
    [InlineData("Rules:0:FileTypes", "*.exe")]
    [InlineData("Rules:0:FileTypes", ".")]
    [InlineData("Rules:0:Methods", "G(T")]
    [InlineData("Rules:0:Ways", "ftp")]
    [InlineData("Rules:0:Ways", "0")]
    [InlineData("Rules:0:Ports", "0-99")]
    [InlineData("Rules:0:From", "10.0.0.1/8")]
    [InlineData("Rules:0:Users", " ; ")]
    [InlineData("Rules:0:To", "/page")]
    [InlineData("Rules:0:Status", "200")]
    [InlineData("Rules:0:Name", "no ads")]
    public void A_value_that_cannot_be_meant_is_a_mistake_and_named_with_what_may_be_there(string key, string value)
    {
        var mistake = Assert.Single(Mistakes("Rules:0:Action=Deny", $"{key}={value}"));
        Assert.Equal($"Granary:Policy:{key}", mistake.Key);
        Assert.NotEmpty(mistake.Allowed);
    }

    [Fact]
    public void What_does_not_go_together_is_told_all_at_once()
    {
        using var file = ConfigFile.With("");
        Assert.Equal(
        [
            "Granary:Policy:Rules:0:To", "Granary:Policy:Rules:0:From", "Granary:Policy:Rules:0:Ports", "Granary:Policy:Rules:0:Hosts", "Granary:Policy:Rules:1:Name", "Granary:Policy:Rules:1:To",
            "Granary:Policy:Rules:1:Addresses", "Granary:Policy:Rules:1:Limit", "Granary:Policy:Rules:1:Limit", "Granary:Policy:Rules:1:Bandwidth", "Granary:Policy:Rules:2:Name",
            "Granary:Policy:Lists:0:File", "Granary:Policy:Lists:1:Name", "Granary:Policy:Lists:1:Url",
        ], Mistakes(
            "Rules:0:Action=Redirect", "Rules:0:From=", "Rules:0:Ports=", "Rules:0:Hosts=list:none", "Rules:1:Name=RULE-1", "Rules:1:Action=Deny", "Rules:1:To=http://x/", "Rules:1:Addresses=", "Rules:1:Limit=none", "Rules:1:Bandwidth=1KB",
            "Rules:2:Name=Default", "Rules:2:Action=Allow", "Lists:0:Name=a", "Lists:1:Name=A", $"Lists:1:File={file.Path}", "Lists:1:Url=http://x/").Select(static mistake => mistake.Key));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake() =>
        Assert.Equal("Granary:Policy:Lists:0:File", Assert.Single(Mistakes("Lists:0:Name=a", "Lists:0:File=/nowhere/list")).Key);

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00", "Mon,Tue,Wed,Thu,Fri 08:00-18:00")]
    [InlineData("22:00-06:00", "Sun,Mon,Tue,Wed,Thu,Fri,Sat 22:00-06:00")]
    [InlineData("sat,SUN", "Sun,Sat 00:00-24:00")]
    public void A_time_is_shown_as_one_may_write_it(string text, string shown)
    {
        Assert.Equal(shown, $"{WeekTime.Parse(text)}");
        Assert.Equal(WeekTime.Parse(text), WeekTime.Parse(shown));
    }

    [Theory]
    [InlineData("HTTP://WWW.Example.com/A?b", "http://www.example.com/A?b")]
    [InlineData("*://*:*/x", "*://*:*/x")]
    [InlineData("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443")]
    [InlineData("http://.example.com.?x", "http://.example.com/?x")]
    public void A_url_pattern_is_shown_as_it_compares(string text, string shown) => Assert.Equal(shown, $"{UrlPattern.Parse(text)}");

    private static System.Collections.Immutable.ImmutableArray<ConfigurationMistake> Mistakes(params string[] settings) => Assert.IsType<ConfigurationOutcome.Mistaken>(Rules.Read(settings)).Mistakes;
}
