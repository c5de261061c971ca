using CsCheck;
using Granary.Semantics.Fields;
using Granary.Semantics.Fields.Structured;

namespace Granary.Tests.Fields.Structured;

public sealed class StructuredFieldTests
{
    private static string? Dictionary(params string[] lines) =>
        StructuredField.Dictionary(new([.. lines.Select(line => new FieldLine("X", line))]), "x") is { } members
            ? string.Join(" ", members.Select(member => $"{member.Key}={Show(member.Value)}"))
            : null;

    private static string? List(params string[] lines) =>
        StructuredField.List(new([.. lines.Select(line => new FieldLine("X", line))]), "x") is { } values ? string.Join(" ", values.Select(Show)) : null;

    private static string Show(StructuredValue value) => value.Type switch
    {
        StructuredType.Integer => $"i{value.Integer}",
        StructuredType.Boolean => $"?{value.Integer}",
        StructuredType.String => $"\"{value.Text}\"",
        StructuredType.Token => value.Text!,
        _ => value.Type.ToString(),
    };

    [Theory, Trait("Spec", "RFC 8941 §4.2.2"), Trait("Kind", "required")]
    [InlineData("a=1, b, c=?0", "a=i1 b=?1 c=?0")]
    [InlineData("a=-15 ,\tb=tok/en:x", "a=i-15 b=tok/en:x")]
    [InlineData("  a=1  ", "a=i1")]
    [InlineData("a=1, a=2", "a=i2")]
    [InlineData("a;p;q=1;r=\"x\", b=2;q", "a=?1 b=i2")]
    [InlineData("a=1.5, b=(1 \"x\";y  t)", "a=Decimal b=InnerList")]
    [InlineData("a=\"q\\\"\\\\,\"", "a=\"q\"\\,\"")]
    [InlineData("a=:aGk=:", "a=Bytes")]
    [InlineData("*a-b_c.d=999999999999999", "*a-b_c.d=i999999999999999")]
    [InlineData("", "")]
    public void A_dictionary_that_keeps_the_rules_is_read(string text, string expected) => Assert.Equal(expected, Dictionary(text));

    [Theory, Trait("Spec", "RFC 8941 §4.2"), Trait("Kind", "required")]
    [InlineData("a=1,")]
    [InlineData(",a=1")]
    [InlineData("a=1,,b=2")]
    [InlineData("a =1")]
    [InlineData("a= 1")]
    [InlineData("A=1")]
    [InlineData("1a=1")]
    [InlineData("a=1 b=2")]
    [InlineData("a=1, &&&&&")]
    [InlineData("a=1000000000000000")]
    [InlineData("a=1.2345")]
    [InlineData("a=1.")]
    [InlineData("a=-")]
    [InlineData("a=--1")]
    [InlineData("a=\"open")]
    [InlineData("a=\"x\\n\"")]
    [InlineData("a=\"\u00e9\"")]
    [InlineData("a=?2")]
    [InlineData("a=(1 2")]
    [InlineData("a=(1,2)")]
    [InlineData("a=:x y:")]
    [InlineData("a=1; =2")]
    [InlineData("a=@1")]
    [InlineData("\ta=1")]
    public void A_dictionary_that_breaks_a_rule_is_nothing_at_all(string text) => Assert.Null(Dictionary(text));

    [Fact, Trait("Spec", "RFC 8941 §4.2"), Trait("Kind", "required")]
    public void Lines_are_one_field_and_an_empty_line_says_nothing()
    {
        Assert.Equal("a=i1 b=i2", Dictionary("a=1", "", "b=2"));
        Assert.Null(Dictionary("a=\"1", "2"));
        Assert.Equal("\"x\" \"y\" i1", List("\"x\"", "\"y\", 1"));
        Assert.Null(StructuredField.Dictionary(FieldLines.Empty, "X"));
    }

    [Theory, Trait("Spec", "RFC 8941 §4.2.1"), Trait("Kind", "required")]
    [InlineData("\"a\", \"b\";p=1", "\"a\" \"b\"")]
    [InlineData("a, 1, ?1, ()", "a i1 ?1 InnerList")]
    [InlineData("\"a\" \"b\"", null)]
    [InlineData("\"a\",", null)]
    [InlineData("'a'", null)]
    public void A_list_is_read_or_is_nothing(string text, string? expected) => Assert.Equal(expected, List(text));

    [Fact]
    public void Whatever_the_text_reading_ends_and_never_throws() =>
        Gen.Char[" ,;=\"\\():?*-.019abAB\u00ff\t"].Array[0, 40].Sample(chars =>
        {
            Dictionary(new string(chars));
            List(new string(chars));
        });
}
