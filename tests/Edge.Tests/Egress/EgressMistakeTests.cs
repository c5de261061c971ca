using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Egress;

[Trait("Issue", "7")]
public sealed class EgressMistakeTests
{
    [Theory]
    [InlineData("Egress:From", "0.0.0.0")]
    [InlineData("Egress:From", "10.1")]
    [InlineData("Egress:From", "localhost")]
    [InlineData("Egress:From", "192.0.2.1;192.0.2.2")]
    [InlineData("Egress:From", "224.0.0.1")]
    [InlineData("Egress:From", "fe80::1%eth0")]
    [InlineData("Egress:AttemptDelay", "5ms")]
    [InlineData("Egress:Families", "IPv5")]
    [InlineData("Egress:Referer", "Never")]
    [InlineData("Egress:Names:Most", "0")]
    [InlineData("Egress:Parents:0:Proxies", "https://proxy.example:443")]
    [InlineData("Egress:Parents:0:Proxies", "http://a:1;socks5://b:2")]
    [InlineData("Egress:Parents:0:Proxies", "http://user:pw@proxy.example:3128")]
    [InlineData("Egress:Parents:0:Proxies", "socks5://proxy.example")]
    [InlineData("Egress:Parents:0:Proxies", "proxy.example:3128")]
    [InlineData("Egress:Parents:0:Fallback", "Maybe")]
    public void A_value_that_cannot_be_meant_is_a_mistake_and_named_with_what_may_be_there(string key, string value)
    {
        var mistake = Assert.Single(Mistakes($"{key}={value}"));
        Assert.Equal($"Granary:{key}", mistake.Key);
        Assert.NotEmpty(mistake.Allowed);
        Assert.DoesNotContain("pw", mistake.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_together_is_told_all_at_once()
    {
        Assert.Equal(
            [
                "Granary:Policy:Rules:0:EgressFrom", "Granary:Egress:Parents:0:Hosts", "Granary:Egress:Parents:0:PasswordVariable", "Granary:Egress:Parents:1:Name", "Granary:Egress:Parents:1:Fallback",
                "Granary:Egress:Parents:1:User", "Granary:Egress:Parents:1:PasswordFile", "Granary:Egress:Parents:2:User",
            ],
            Mistakes(
                "Policy:Rules:0:Action=Deny", "Policy:Rules:0:EgressFrom=192.0.2.1", "Egress:Parents:0:Name=a", "Egress:Parents:0:Hosts=list:x", "Egress:Parents:0:Proxies=http://a:1", "Egress:Parents:0:User=u",
                "Egress:Parents:0:PasswordVariable=GRANARY_NO_SUCH", "Egress:Parents:1:Name=A", "Egress:Parents:1:Fallback=Direct", "Egress:Parents:1:User=u", "Egress:Parents:2:PasswordVariable=X").Select(static mistake => mistake.Key));
    }

    private static ConfigurationMistake[] Mistakes(params string[] settings) =>
        GranaryConfiguration.Read([.. settings.SelectMany(static each => new[] { $"--Granary:{each.Split('=', 2)[0]}", each.Split('=', 2)[1] })], new Dictionary<string, string?>()) is ConfigurationOutcome.Mistaken mistaken ? [.. mistaken.Mistakes] : [];
}
