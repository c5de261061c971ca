using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
public sealed class SelectionTests
{
    private static StoredResponse Stored(string request, string vary, double date = 0) =>
        Given.Stored(new RequestHead("GET", Given.Uri, Given.Lines(request)),
            Given.Ok("Cache-Control: max-age=60", $"Vary: {vary}", $"Date: {Given.At(date)}"));

    private static RequestHead Presented(string lines, string method = "GET") => new(method, Given.Uri, Given.Lines(lines));

    [Theory]
    [InlineData("Foo", "Foo: 1", "Foo: 1", true)]
    [InlineData("foo", "Foo: 1", "FOO: 1", true)]
    [InlineData("Foo", "Foo: 1", "Foo: 2", false)]
    [InlineData("Foo", "Foo: 1", "", false)]
    [InlineData("Foo", "", "Foo: 1", false)]
    [InlineData("Foo", "", "", true)]
    [InlineData("Foo", "Foo: ", "", false)]
    [InlineData("Foo", "", "Foo: ", false)]
    [InlineData("Foo", "Foo: ", "Foo: ", true)]
    [InlineData("Foo", "Foo: 1", "Foo: 1|Other: 3", true)]
    [InlineData("Foo, Bar", "Foo: 1|Bar: abc", "Bar: abc|Foo: 1", true)]
    [InlineData("Foo, Bar", "Foo: 1|Bar: abc", "Foo: 1|Bar: abcd", false)]
    [InlineData("Foo, Bar", "Foo: 1|Bar: abc", "Foo: 1", false)]
    [InlineData("Foo,Bar,,Baz", "Foo: 1|Baz: 789", "Foo: 1|Baz: 789", true)]
    [InlineData("Foo", "Foo: 1,2", "Foo: 1, 2 ", true)]
    [InlineData("Foo", "Foo: 1 \t,\t 2", "Foo: 1,2", true)]
    [InlineData("Foo", "Foo: 1, 2", "Foo: 1|Foo: 2", true)]
    [InlineData("Foo", "Foo: 1, 2", "Foo: 2, 1", false)]
    [InlineData("Foo", "Foo: 1 2", "Foo: 12", false)]
    [InlineData("Foo", "Foo: a", "Foo: A", false)]
    [InlineData("Foo", "Foo: ab", "Foo: a", false)]
    [InlineData("Foo", "Foo: a", "Foo: ab", false)]
    [InlineData("Foo", "Foo: a", "Foo: a,", false)]
    [InlineData("Foo", "Foo: \"1, 2\"", "Foo: \"1,2\"", false)]
    [InlineData("Foo", "Foo: \"1, 2\", 3", "Foo: \"1, 2\",3", true)]
    [InlineData("Cookie", "Cookie: a=1, 2", "Cookie: a=1,2", false)]
    [InlineData("User-Agent", "User-Agent: X (a, b)", "User-Agent: X (a,b)", false)]
    [InlineData("Authorization", "Authorization: Basic a", "Authorization: Basic b", false)]
    public void Given_vary_then_the_nominated_fields_decide(string vary, string original, string presented, bool matches) =>
        Assert.Equal(matches, Selection.Matches(Presented(presented), Stored(original, vary)));

    [Theory]
    [InlineData("GET", "GET", true)]
    [InlineData("GET", "HEAD", true)]
    [InlineData("HEAD", "HEAD", true)]
    [InlineData("HEAD", "GET", false)]
    [InlineData("GET", "POST", false)]
    public void Given_a_method_then_only_content_that_is_there_is_reused(string original, string presented, bool matches) =>
        Assert.Equal(matches, Selection.Matches(
            Given.Request(presented), Given.Stored(Given.Request(original), Given.Ok("Cache-Control: max-age=60"))));

    [Fact]
    public void Given_vary_star_then_nothing_matches() =>
        Assert.False(Selection.Matches(Presented("*: 1"), Stored("*: 1", "*")));

    [Fact, Trait("Kind", "check")]
    public void Given_vary_with_very_many_fields_then_it_is_not_compared_but_never_matches()
    {
        string Names(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"f{i}"));
        Assert.True(Selection.Matches(Presented(""), Stored("", Names(32))));
        Assert.False(Selection.Matches(Presented(""), Stored("", Names(33))));
    }

    [Fact, Trait("Spec", "RFC 9111 §4")]
    public void Given_several_that_match_then_the_most_recent_by_date_is_selected()
    {
        StoredResponse[] stored = [Stored("", "A", -5), Stored("", "B", -1), Stored("", "C", -3), Stored("D: 1", "D", 0)];
        Assert.Equal(1, Selection.Select(Presented(""), stored));
    }

    [Fact, Trait("Spec", "RFC 9111 §4")]
    public void Given_a_date_from_the_future_then_it_does_not_outrank_a_later_response()
    {
        var early = Stored("", "A", 1_000_000);
        var later = StoredResponse.Of(Given.Get(), Given.Ok("Cache-Control: max-age=60", $"Date: {Given.At(10)}"),
            Given.Now.AddSeconds(10), Given.Now.AddSeconds(10), new());
        Assert.Equal(1, Selection.Select(Presented(""), new[] { early, later }));
    }

    [Fact]
    public void Given_none_that_matches_then_none_is_selected() =>
        Assert.Equal(-1, Selection.Select(Presented("Foo: 2"), new[] { Stored("Foo: 1", "Foo"), Stored("", "Foo") }));

    [Theory]
    [InlineData("Foo: 1", "Foo", "Foo: 1 ", "foo", true)]
    [InlineData("Foo: 1|Bar: 2", "Foo, Bar", "Bar: 2|Foo: 1", "bar,foo,foo", true)]
    [InlineData("Foo: 1", "Foo", "Foo: 2", "Foo", false)]
    [InlineData("Foo: 1", "Foo", "Foo: 1", "Foo, Bar", false)]
    [InlineData("", "Foo, Bar", "Foo: 1", "Foo, Bar", false)]
    [InlineData("Bar: 1", "Foo, Bar", "Foo: 1", "Foo, Bar", false)]
    public void Given_two_stored_responses_then_they_are_the_same_variant_or_not(string a, string varyA, string b, string varyB, bool same) =>
        Assert.Equal(same, Selection.SameVariant(Stored(a, varyA), Stored(b, varyB)));

    [Theory]
    [InlineData("", "Foo: 1", "Foo: 2", true)]
    [InlineData("Foo", "Foo: 1", "Foo: 1", true)]
    [InlineData("Foo", "Foo: 1", "Foo: 2", false)]
    [InlineData("Foo", "", "Foo: 2", false)]
    [InlineData("Foo", "", "", true)]
    [InlineData("Foo, Bar", "Foo: 1|Bar: 1", "Foo: 1|Bar: 2", false)]
    public void Given_a_fetch_under_way_then_waiting_is_for_those_it_could_answer(string vary, string presented, string underWay, bool may) =>
        Assert.Equal(may, Selection.CouldMatch(Presented(presented), Presented(underWay), vary.Length == 0 ? [] : [Stored("Foo: 9", vary)]));

    [Fact]
    public void Given_a_fetch_by_head_then_get_does_not_wait_for_it() =>
        Assert.False(Selection.CouldMatch(Presented(""), Presented("", "HEAD"), []));

    [Fact, Trait("Kind", "check")]
    public void Given_any_values_then_comparing_agrees_with_the_normal_forms() =>
        Gen.Select(Gen.String[Gen.Char["a, \t\"\\b"], 0, 8], Gen.String[Gen.Char["a, \t\"\\b"], 0, 8]).Sample((a, b) =>
        {
            var (one, other) = (new FieldLines([new("Foo", a)]), new FieldLines([new("Foo", b)]));
            var (normalOne, normalOther) = (NominatedValue.Of(one, "Foo"), NominatedValue.Of(other, "Foo"));
            return NominatedValue.Is(one, "foo", normalOther) == (normalOne == normalOther)
                && NominatedValue.Of(new([new("Foo", normalOne!)]), "Foo") == normalOne;
        });
}
