using Granary.Grains.Store;
using Granary.Semantics.Messages;

namespace Granary.Grains.Tests.Store;

public sealed class KeyNamesTests
{
    private static readonly QueryRule Rule = new() { Sorts = true, Drops = ["utm_*"] };

    [Fact, Trait("Promise", "P2")]
    public void Who_invalidates_a_URL_reaches_what_a_rule_for_queries_has_made_of_it()
    {
        var names = new KeyNames();
        names.Learn("http://a/b?x=1#plain");
        names.Learn($"http://a/b?x=1#{Rule.AppendTo("ruled")}");
        Assert.Equal(
            ["http://a/c?y=2&utm_z=1&x=1", "http://a/c?y=2&utm_z=1&x=1#plain", $"http://a/c?x=1&y=2#{Rule.AppendTo("ruled")}"],
            names.With(["http://a/c?y=2&utm_z=1&x=1"]).OrderBy(static key => key.Length));
    }

    [Theory]
    [InlineData("http://a/b?x=1", "http://a/b?")]
    [InlineData("http://a/b?", "http://a/b?")]
    [InlineData("http://a/b", null)]
    [InlineData("http://a/b#r#?s&&", null)]
    public void What_stands_for_any_query_is_read_off_the_URL(string uri, string? any) => Assert.Equal(any, KeyNames.AnyQueryOf(uri));

    [Fact, Trait("Promise", "P2")]
    public void And_off_a_key_that_a_rule_has_made()
    {
        Assert.Equal("http://a/b?", KeyNames.AnyQueryBehind($"http://a/b#{Rule.AppendTo("r")}"));
        Assert.Equal("http://a/b?", KeyNames.AnyQueryBehind($"http://a/b?x=1#{Rule.AppendTo("r")}"));
        Assert.Null(KeyNames.AnyQueryBehind("http://a/b?x=1#r"));
        Assert.Null(KeyNames.AnyQueryBehind("http://a/b?x=1"));
    }
}
