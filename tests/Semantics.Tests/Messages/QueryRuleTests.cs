using CsCheck;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Tests.Messages;

public sealed class QueryRuleTests
{
    private static readonly Gen<string> Query = OneOf("a", "b=1", "b=2", "utm_x=1", "utm_", "", "=", "a=%26", "c=a=b", "id").Array[0, 8].Select(static parts => string.Join('&', parts));

    private static readonly Gen<QueryRule> Rule = Gen.Select(Gen.Bool, OneOf("utm_*", "b", "a").Array[0, 2], OneOf("id", "b", "u*").Array[0, 2])
        .Select(static (sorts, drops, keeps) => new QueryRule { Sorts = sorts, Drops = [.. drops], Keeps = [.. keeps] });

    [Fact]
    public void What_was_made_by_a_rule_is_not_changed_by_it_again() => Gen.Select(Query, Rule).Sample((query, rule) =>
    {
        var once = rule.Apply($"http://a/?{query}");
        Assert.Equal(once, rule.Apply(once));
    });

    [Fact]
    public void A_rule_reads_back_from_a_name_as_it_was_written() => Gen.Select(Query, Rule, OneOf("route", "#", "a#?b", "")).Sample((query, rule, name) =>
        Assert.Equal(rule.Apply($"http://a/?{query}"), QueryRule.AppendedTo("#" + rule.AppendTo(name)).Apply($"http://a/?{query}")));

    [Fact]
    public void Without_a_rule_nothing_changes() => Query.Sample(query => Assert.Equal($"http://a/?{query}", QueryRule.None.Apply($"http://a/?{query}")));

    [Theory]
    [InlineData("#route")]
    [InlineData("")]
    [InlineData("#route#?")]
    [InlineData("#route#?s&a")]
    public void A_name_without_a_rule_has_none(string name) => Assert.True(QueryRule.AppendedTo(name).IsNone);

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
