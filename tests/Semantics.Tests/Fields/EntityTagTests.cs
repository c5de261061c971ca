using CsCheck;
using Granary.Semantics.Fields;

namespace Granary.Tests;

[Trait("Spec", "RFC 9110 §8.8.3"), Trait("Kind", "required")]
public sealed class EntityTagTests
{
    [Theory, Trait("Spec", "RFC 9110 §8.8.3.2")]
    [InlineData("W/\"1\"", "W/\"1\"", false, true)]
    [InlineData("W/\"1\"", "W/\"2\"", false, false)]
    [InlineData("W/\"1\"", "\"1\"", false, true)]
    [InlineData("\"1\"", "\"1\"", true, true)]
    [InlineData("\"a\"", "\"A\"", false, false)]
    public void Given_two_tags_when_compared_then_it_is_as_the_table_says(string a, string b, bool strong, bool weak)
    {
        Assert.True(EntityTag.TryParse(a, out var first));
        Assert.True(EntityTag.TryParse(b, out var second));
        Assert.Equal((strong, weak), (first.IsStrongly(second), first.IsWeakly(second)));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a,b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("W/\"\"")]
    [InlineData("\"\u00fc\"")]
    public void Given_a_tag_when_read_and_written_then_it_is_the_same(string text)
    {
        Assert.True(EntityTag.TryParse(text, out var tag));
        Assert.Equal(text, tag.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("\"a b\"")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\"b")]
    [InlineData("*")]
    [InlineData("W/a b")]
    public void Given_what_is_no_tag_when_read_then_it_is_none(string text) => Assert.False(EntityTag.TryParse(text, out _));

    [Theory, Trait("Kind", "check")]
    [InlineData("abc")]
    [InlineData("w/\"abc\"")]
    public void Given_a_tag_as_some_origins_write_it_then_it_is_weak(string text)
    {
        Assert.True(EntityTag.TryParse(text, out var tag));
        Assert.Equal(new EntityTag("abc", IsWeak: true), tag);
    }

    [Theory]
    [InlineData("If-None-Match: \"x\"", true)]
    [InlineData("If-None-Match: W/\"x\"", true)]
    [InlineData("If-None-Match: \"a\", \"x\", \"b\"", true)]
    [InlineData("If-None-Match: \"a,\"x\"", false)]
    [InlineData("If-None-Match: ,, \"a,b\" ,\t\"x\"", true)]
    [InlineData("If-None-Match: \"a\"|If-None-Match: \"x\"", true)]
    [InlineData("If-None-Match: x", true)]
    [InlineData("If-None-Match: \"y\", \"xx\"", false)]
    [InlineData("If-None-Match: \"x\"y", false)]
    [InlineData("If-None-Match: bad tag, \"x\"", true)]
    [InlineData("If-None-Match: \"unclosed, x", true)]
    [InlineData("If-None-Match: *", false)]
    [InlineData("If-Match: \"x\"", false)]
    public void Given_a_list_when_searched_then_the_tag_is_found_or_not(string lines, bool holds) =>
        Assert.Equal(holds, EntityTag.ListHolds(Given.Lines(lines), "If-None-Match", new EntityTag("x", false)));

    [Fact]
    public void Given_two_different_tags_in_one_message_then_it_has_none() =>
        Assert.Null(EntityTag.Of(FieldLines.Of("ETag: \"a\"", "ETag: \"b\"")));

    [Fact, Trait("Kind", "check")]
    public void Given_any_text_when_read_then_nothing_throws() =>
        Gen.String[Gen.Char["W/\"ab, *\\\t\u0001\u00ff"], 0, 20].Sample(text =>
        {
            _ = EntityTag.TryParse(text, out _);
            _ = EntityTag.ListHolds(new([new("If-None-Match", text)]), "If-None-Match", new("a", false));
        });
}
