using System.Text;
using Granary.Edge.Users;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Tests.Users;

[Trait("Spec", "RFC 7617 §2"), Trait("Kind", "required")]
public sealed class ProxyCredentialsTests
{
    [Theory]
    [InlineData("alice:secret", "alice", "secret")]
    [InlineData("alice:a:b:", "alice", "a:b:")]
    [InlineData("alice:", "alice", "")]
    [InlineData("Zoë:grüße", "Zoë", "grüße")]
    public void Name_and_password_are_divided_by_the_first_colon(string text, string name, string password)
    {
        Assert.Equal((name, password), Decode(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))));
        Assert.Equal((name, password), Decode(Convert.ToBase64String(Encoding.Latin1.GetBytes(text)))); // §B.2: not everybody sends UTF-8
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData(":secret")]
    [InlineData("al\nice:secret")]
    [InlineData("alice:sec\0ret")]
    public void Without_a_name_or_with_a_control_character_it_is_nobody(string text) => Assert.Null(Decode(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("!")]
    [InlineData("YWxpY2U6c2VjcmV0=")]
    [InlineData("YWxpY2U6 c2VjcmV0")]
    public void What_is_no_base_64_is_nobody(string token68) => Assert.Null(Decode(token68));

    [Theory]
    [InlineData("Basic YTpi", true)]
    [InlineData("bAsIc    YTpi", true)]
    [InlineData("Basic", false)]
    [InlineData("Basic ", false)]
    [InlineData("Digest username=\"a\"", false)]
    [InlineData("", false)]
    public void The_scheme_is_read_in_any_case(string field, bool isBasic) => Assert.Equal(isBasic, ProxyCredentials.Read(field) is ProxyCredentials.Basic("YTpi"));

    [Fact]
    public void Two_fields_are_not_read_and_none_says_nothing()
    {
        Assert.Same(ProxyCredentials.Unreadable, ProxyCredentials.Read(new StringValues(["Basic YTpi", "Basic YTpi"])));
        Assert.Same(ProxyCredentials.None, ProxyCredentials.Read(StringValues.Empty));
    }

    [Fact]
    public void No_text_of_it_has_the_credentials()
    {
        Assert.DoesNotContain("YTpi", ProxyCredentials.Read("Basic YTpi").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("abc", ProxyCredentials.Read("Bearer abc").ToString(), StringComparison.Ordinal);
    }

    private static (string, string)? Decode(string token68) => ProxyCredentials.Basic.Decode(token68);
}
