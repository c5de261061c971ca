using CsCheck;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;

namespace Granary.Tests;

[Trait("Spec", "RFC 9211 §2"), Trait("Kind", "required")]
public sealed class CacheStatusTests
{
    private static string Written(CacheStatus status) => status.ToFieldValue("granary");

    [Fact]
    public void Given_a_hit_then_it_is_written_with_its_ttl() =>
        Assert.Equal("granary; hit; ttl=42", Written(new() { Hit = true, Ttl = 42 }));

    [Fact]
    public void Given_a_stale_hit_then_its_ttl_is_negative() =>
        Assert.Equal("granary; hit; ttl=-7", Written(new() { Hit = true, Ttl = -7 }));

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(41.9, 41)]
    [InlineData(-0.01, -1)]
    [InlineData(-1, -1)]
    public void Given_a_part_of_a_second_then_the_ttl_is_rounded_down_so_that_stale_is_negative(double seconds, long ttl) =>
        Assert.Equal(ttl, CacheStatus.TtlOf(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Given_everything_then_the_order_is_fixed() =>
        Assert.Equal("granary; fwd=uri-miss; fwd-status=304; stored; collapsed; ttl=60; key=\"http://h/\"; detail=origin-timeout", Written(new()
        {
            Fwd = ForwardReason.UriMiss,
            FwdStatus = 304,
            Stored = true,
            Collapsed = true,
            Ttl = 60,
            Key = "http://h/",
            Detail = "origin-timeout",
        }));

    [Fact]
    public void Given_hit_and_fwd_then_only_hit_is_written() =>
        Assert.Equal("granary; hit", Written(new() { Hit = true, Fwd = ForwardReason.Stale, FwdStatus = 304, Stored = true }));

    [Fact]
    public void Given_neither_then_only_the_name_is_written() => Assert.Equal("granary", Written(new()));

    [Theory, Trait("Spec", "RFC 8941 §3.3.3")]
    [InlineData("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"")]
    [InlineData("a\r\nX: y", "\"a??X: y\"")]
    [InlineData("é", "\"?\"")]
    [InlineData("", "\"\"")]
    [InlineData("1a", "\"1a\"")]
    [InlineData("a/b:c", "a/b:c")]
    public void Given_a_detail_then_it_is_a_token_or_an_escaped_string(string detail, string written) =>
        Assert.Equal($"granary; detail={written}", Written(new() { Detail = detail }));

    [Fact]
    public void Given_a_name_that_is_no_token_then_it_is_a_string() =>
        Assert.Equal("\"my cache\"; hit", new CacheStatus { Hit = true }.ToFieldValue("my cache"));

    [Theory, Trait("Spec", "RFC 9211 §2.2")]
    [InlineData(ForwardReason.Bypass, "bypass")]
    [InlineData(ForwardReason.Method, "method")]
    [InlineData(ForwardReason.UriMiss, "uri-miss")]
    [InlineData(ForwardReason.VaryMiss, "vary-miss")]
    [InlineData(ForwardReason.Miss, "miss")]
    [InlineData(ForwardReason.Request, "request")]
    [InlineData(ForwardReason.Stale, "stale")]
    [InlineData(ForwardReason.Partial, "partial")]
    public void Given_a_reason_then_it_has_its_token(ForwardReason why, string token) =>
        Assert.Equal($"granary; fwd={token}", Written(new() { Fwd = why }));

    [Fact, Trait("Kind", "check")]
    public void Given_any_text_then_the_value_is_printable_ascii() =>
        Gen.Select(Gen.String, Gen.String).Sample((key, detail) =>
            Written(new() { Key = key, Detail = detail }).All(c => c is >= ' ' and <= '~'));
}
