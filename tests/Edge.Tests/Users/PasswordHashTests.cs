using System.Text;
using Granary.Edge.Users.Passwords;

namespace Granary.Edge.Tests.Users;

/// <summary>Hashes that others made: Apache's documentation, the text of SHA crypt, crypt(3) of libxcrypt and OpenSSL.</summary>
public sealed class PasswordHashTests
{
    private const string Eighty = "01234567890123456789012345678901234567890123456789012345678901234567890123456789";

    [Theory]
    [InlineData("myPassword", "$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC")]
    [InlineData("myPassword", "{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=")]
    [InlineData("myPassword", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/")]
    [InlineData("", "$2a$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq")]
    [InlineData("grüße", "$2y$04$abcdefghijklmnopqrstuuukcFUuF1uD2.SsVXl2Kxf7oTFxL3IEq")]
    [InlineData(Eighty, "$2b$04$abcdefghijklmnopqrstuum2G75IXDN/xsgbNa/hCiPSKyIHQd70S")]
    [InlineData("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")]
    [InlineData("Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("Hello world!", "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData(Eighty, "$6$saltsalt$z4mO8GyZNS2W595m0uxskIKJnFmUq8Z/ueG2Y2j9qCr7xvCOh5IGHIsSaHNZ9Yx/Qsmw8yk3tR4u9vvudH.491")]
    [InlineData(Eighty, "$5$rounds=1400$anotherlongsalts$VCt5u.WqJ3mR97t/YKeiq2Bdi348e.0nLXz/SHtrwg4")]
    [InlineData(Eighty, "$6$rounds=1000$x$7qxmVt6VfcbKYTgbfaDZQmo2bYa4AXIgGlzAtfeYGUWt4n8YvVN3I.OF8STJ2glDS5CVU3Y/immbnQcigf.bU/")]
    [InlineData("grüße", "$6$saltsalt$MSdmCK51lJjMpTz5N3aU5vb0jpPXztyruwBRt8o.ZecvnlwVPiRqJgV.TP3nG1tB/9sMjuGzdcGQUjkTPL3qK.")]
    [InlineData("grüße", "$5$saltstring$/sILj7kSgshnW.AMHrzpTXeKCJYYkZ9ZX0RWg7gWcR.")]
    [InlineData("", "$6$s$.ZBEl9liET9mKM6jGxl//vp8wOnIJwfkp.7sG2Ahu2q68bf4LasDRE6k5T5NPzLqBFx3oUbMl6xWpBsFfgm6..")]
    [InlineData("", "$5$s$u9jS/E6rlpZoj8KCMVhpLKJh2MrO5hc9UBdfKCcvVU7")]
    [InlineData("grüße", "$apr1$12345678$uafoSIz4.zh5mmJkPhwqP0")]
    [InlineData("", "$apr1$ab$S8K6Sgp3W8c9Jb6LxgywZ.")]
    [InlineData("01234567890123456789", "$apr1$abcdefgh$bXpCLgByr5kxIgveEXuS11")]
    public void What_others_hashed_is_verified_and_nothing_else_is(string password, string hash)
    {
        var parsed = PasswordHash.Parse(hash)!;
        Assert.True(parsed.IsOf(Encoding.UTF8.GetBytes(password)));
        Assert.False(parsed.IsOf(Encoding.UTF8.GetBytes("no" + password)));
        Assert.DoesNotContain(hash[4..], parsed.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$6$0123456789abcdef$pGHDbF/gDeRPZ.Zh1OwbBgWU2Q2Lcl.YVSBlev5Bw3Nmz9btJABDqZoeqQKbjIayCfU66zgWMXrdo7bg/aH4d1")]
    [InlineData("$5$0123456789abcdef$7OEnRGnFJIJAfZAoJCnL/q7LAcBIqNnucmO0pk7Ibs0")]
    [InlineData("$apr1$abcdefgh$eLVoX6kfOJLEBWboqmhWc.")]
    public void The_longest_password_that_is_taken_is_verified(string hash) =>
        Assert.True(PasswordHash.Parse(hash)!.IsOf(Encoding.ASCII.GetBytes(new string('x', PasswordHash.LongestPassword))));

    [Theory]
    [InlineData("")]
    [InlineData("myPassword")]
    [InlineData("rqXexS6ZhobKA")] // crypt of DES
    [InlineData("{PLAIN}myPassword")]
    [InlineData("{SSHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=")]
    [InlineData("{SHA}VBPuJHI7uixaa6LQGWx4s+5G")]
    [InlineData("$2x$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC")]
    [InlineData("$2y$03$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC")]
    [InlineData("$2y$31$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC")]
    [InlineData("$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRq!")]
    [InlineData("$5$rounds=999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8")]
    [InlineData("$5$rounds=999999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8")]
    [InlineData("$5$rounds=-1$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8")]
    [InlineData("$5$saltstringsaltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8")]
    [InlineData("$6$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8")]
    [InlineData("$apr1$123456789$uafoSIz4.zh5mmJkPhwqP0")]
    [InlineData("$apr1$12345678$uafoSIz4.zh5mmJkPhwqP")]
    [InlineData("$1$12345678$uafoSIz4.zh5mmJkPhwqP0")]
    public void What_is_of_no_format_or_costs_too_much_is_no_hash(string text) => Assert.Null(PasswordHash.Parse(text));
}
