using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Tests;

[Trait("Spec", "RFC 9110 §7.6.1"), Trait("Kind", "required")]
public sealed class ConnectionFieldsTests
{
    [Theory]
    [InlineData("Connection: close")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Proxy-Connection: keep-alive")]
    [InlineData("TE: trailers")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Proxy-Authenticate: Basic")]
    [InlineData("Proxy-Authentication-Info: x")]
    [InlineData("Proxy-Authorization: Basic x")]
    [InlineData("HTTP2-Settings: x")]
    public void Given_a_field_of_the_connection_then_it_goes_no_further(string line)
    {
        Assert.Equal("C: 3", ConnectionFields.ForForwarding(FieldLines.Of(line, "C: 3")).ToString());
        Assert.Equal("C: 3", ConnectionFields.ForStoring(FieldLines.Of(line, "C: 3")).ToString());
    }

    [Fact]
    public void Given_nominated_fields_then_they_are_removed_with_connection() =>
        Assert.Equal("c: 3", ConnectionFields.RemoveHopByHop(
            FieldLines.Of("Connection: a, B", "Connection: , d", "A: 1", "b: 2", "c: 3", "D: 4")).ToString());

    [Theory]
    [InlineData("Cache-Control")]
    [InlineData("host")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Authorization")]
    [InlineData("Cookie")]
    [InlineData("Vary")]
    [InlineData("X-Forwarded-For")]
    [InlineData("Age")]
    public void Given_a_field_for_all_recipients_then_it_cannot_be_nominated_away(string name) =>
        Assert.True(ConnectionFields.ForForwarding(FieldLines.Of($"Connection: close, {name}", $"{name}: x")).Has(name));

    [Fact, Trait("Spec", "RFC 9111 §3.1")]
    public void Given_a_trailer_field_then_it_is_forwarded_but_not_stored()
    {
        var fields = FieldLines.Of("Trailer: X", "A: 1");
        Assert.True(ConnectionFields.ForForwarding(fields).Has("Trailer"));
        Assert.False(ConnectionFields.ForStoring(fields).Has("Trailer"));
    }

    [Fact]
    public void Given_nothing_to_remove_then_the_same_fields_are_passed_on()
    {
        var fields = FieldLines.Of("A: 1", "B: 2");
        Assert.Same(fields, ConnectionFields.ForForwarding(fields));
    }
}

[Trait("Spec", "RFC 9110 §7.6.3"), Trait("Kind", "required")]
public sealed class ViaTests
{
    [Theory]
    [InlineData("1.1 granary", true)]
    [InlineData("1.0 fred, 1.1 GRANARY", true)]
    [InlineData("HTTP/1.1 granary (Comment, with \\) comma)", true)]
    [InlineData("1.1 granary(c)", true)]
    [InlineData("1.1 a (b, c), 1.1 granary", true)]
    [InlineData("1.1 a (unclosed, 1.1 granary", true)]
    [InlineData("1.1   granary", true)]
    [InlineData("1.1 granary2", false)]
    [InlineData("1.1 a (1.1 granary)", false)]
    [InlineData("1.1 a (x, 1.1 granary, y)", false)]
    [InlineData("granary", false)]
    [InlineData("", false)]
    public void Given_via_then_the_pseudonym_is_found_or_not(string value, bool found) =>
        Assert.Equal(found, Via.ContainsPseudonym(new([new("Via", value)]), "granary"));

    [Fact]
    public void Given_via_when_appended_then_this_recipient_is_last() =>
        Assert.Equal("1.0 a, 2 b, 1.1 granary", Via.Append(FieldLines.Of("Via: 1.0 a", "X: y", "via: 2 b"), "1.1", "granary").Combined("Via"));

    [Fact]
    public void Given_no_via_when_appended_then_this_recipient_is_alone() =>
        Assert.Equal("1.1 granary", Via.Append(FieldLines.Empty, "1.1", "granary").Combined("Via"));

    [Fact, Trait("Kind", "check")]
    public void Given_brackets_that_never_close_then_searching_takes_linear_time() =>
        Assert.False(Via.ContainsPseudonym(new([new("Via", new string('(', 2_000_000))]), "granary"));
}
