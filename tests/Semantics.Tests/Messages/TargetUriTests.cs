using CsCheck;
using Granary.Semantics.Messages;

namespace Granary.Tests;

[Trait("Spec", "RFC 9110 §7.1"), Trait("Kind", "required")]
public sealed class TargetUriTests
{
    [Theory, Trait("Spec", "RFC 3986 §6.2.2")]
    [InlineData("http", "Example.COM", "/", "http://example.com/")]
    [InlineData("HTTP", "example.com:80", "/a", "http://example.com/a")]
    [InlineData("https", "example.com:443", "/a", "https://example.com/a")]
    [InlineData("https", "example.com:80", "/a", "https://example.com:80/a")]
    [InlineData("http", "example.com:", "/a", "http://example.com/a")]
    [InlineData("http", "example.com:08080", "/a", "http://example.com:8080/a")]
    [InlineData("http", "h", "/%7euser/%2f%c3%a9", "http://h/~user/%2F%C3%A9")]
    [InlineData("http", "h", "/%41%62", "http://h/Ab")]
    [InlineData("http", "h", "/a/../b/./c", "http://h/a/../b/./c")]
    [InlineData("http", "h", "/%2e%2e/b", "http://h/%2E%2E/b")]
    [InlineData("http", "h", "//a//b", "http://h//a//b")]
    [InlineData("http", "h", "/?q=%41%2f", "http://h/?q=%41%2F")]
    [InlineData("http", "h", "/a?", "http://h/a?")]
    [InlineData("http", "h", "/a?b?c", "http://h/a?b?c")]
    [InlineData("http", "h", "/a%zz%7e", "http://h/a%zz%7e")]
    [InlineData("http", "h", "/a%", "http://h/a%")]
    [InlineData("http", "h", "/%%341", "http://h/%%341")]
    [InlineData("http", "h", "/%2541", "http://h/%2541")]
    [InlineData("http", "h", "/a;b=c{d}|", "http://h/a;b=c{d}|")]
    [InlineData("http", "[::1]", "/", "http://[::1]/")]
    [InlineData("http", "[2001:DB8::1]:8080", "/", "http://[2001:db8::1]:8080/")]
    [InlineData("http", "ignored", "http://Other.test", "http://other.test/")]
    [InlineData("http", "ignored", "HTTPS://Other.test:443?q", "https://other.test/?q")]
    [InlineData("http", "ignored", "http://other.test/a?b", "http://other.test/a?b")]
    [InlineData("http", "h", "*", "http://h")]
    [InlineData("http", "a_b.c~d", "/", "http://a_b.c~d/")]
    public void Given_a_target_then_its_effective_uri_is(string scheme, string authority, string target, string uri) =>
        Assert.Equal(uri, TargetUri.Effective(scheme, authority, target));

    [Theory]
    [InlineData("http", "", "/")]
    [InlineData("http", "user@h", "/")]
    [InlineData("http", "user:pw@h", "/")]
    [InlineData("http", "h:port", "/")]
    [InlineData("http", "h:65536", "/")]
    [InlineData("http", "h:0", "/")]
    [InlineData("http", "h:-1", "/")]
    [InlineData("http", "h:+80", "/")]
    [InlineData("http", "h:80:80", "/")]
    [InlineData("http", "h h", "/")]
    [InlineData("http", "h,i", "/")]
    [InlineData("http", "h/i", "/")]
    [InlineData("http", "h?i", "/")]
    [InlineData("http", "h#i", "/")]
    [InlineData("http", "h%41", "/")]
    [InlineData("http", "h\u00e9", "/")]
    [InlineData("http", "h\0", "/")]
    [InlineData("http", "[::1", "/")]
    [InlineData("http", "[]", "/")]
    [InlineData("http", "[::1%25eth0]", "/")]
    [InlineData("http", "[127.0.0.1]", "/")]
    [InlineData("http", "[::1]x", "/")]
    [InlineData("http", "[v1.x]", "/")]
    [InlineData("ftp", "h", "/")]
    [InlineData("", "h", "/")]
    [InlineData("http", "h", "")]
    [InlineData("http", "h", "a")]
    [InlineData("http", "h", "/a b")]
    [InlineData("http", "h", "/a\tb")]
    [InlineData("http", "h", "/a\r\nb")]
    [InlineData("http", "h", "/a#b")]
    [InlineData("http", "h", "/\u00e9")]
    [InlineData("http", "h", "/\u007f")]
    [InlineData("http", "h", "ftp://h/")]
    [InlineData("http", "h", "http:///a")]
    [InlineData("http", "h", "http://u@h/a")]
    [InlineData("http", "h", "://h/")]
    [InlineData("http", "h", "**")]
    public void Given_what_is_not_valid_then_there_is_no_uri(string scheme, string authority, string target) =>
        Assert.Null(TargetUri.Effective(scheme, authority, target));

    [Fact, Trait("Kind", "check")]
    public void Given_any_target_when_its_uri_is_taken_again_then_nothing_changes() =>
        Gen.String[Gen.Char["%2eEfF41/.?a~"], 1, 24].Sample(path =>
        {
            var once = TargetUri.Effective("http", "h", "/" + path)!;
            return TargetUri.Effective("http", "x", once) == once;
        });

    [Fact, Trait("Kind", "check")]
    public void Given_any_text_then_nothing_throws() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((scheme, authority, target) =>
        {
            _ = TargetUri.Effective(scheme, authority, target);
            _ = TargetUri.Effective("http", authority, "/" + target);
            _ = TargetUri.Effective("http", "[" + authority + "]", "http://[" + target);
        });

    [Fact, Trait("Kind", "check")]
    public void Given_two_paths_without_percent_signs_then_only_equal_ones_share_a_key() =>
        Gen.Select(Gen.String[Gen.Char["aA./;?&"], 0, 6], Gen.String[Gen.Char["aA./;?&"], 0, 6]).Sample((a, b) =>
            _ = TargetUri.Effective("http", "h", "/" + a) == TargetUri.Effective("http", "h", "/" + b) == (a == b));
}
