using Granary.Semantics.Fields;
using Granary.Semantics.Invalidation;

namespace Granary.Tests;

public sealed class CacheGroupsTests
{
    private static readonly string[] TagFields = ["Surrogate-Key", "Cache-Tag"];

    [Fact, Trait("Spec", "RFC 9875 §2.1"), Trait("Kind", "required")]
    public void Groups_of_two_origins_are_two_groups_and_case_matters()
    {
        var fields = FieldLines.Of("Cache-Groups: \"a\", \"A\";p=1", "Cache-Groups: \"b c\"");
        var here = CacheGroups.Of("http://here/x", fields);
        Assert.Equal(3, here.Distinct().Count());
        Assert.Equal(here.AsEnumerable(), CacheGroups.Of("http://here/y?z", fields));
        Assert.Empty(here.Intersect(CacheGroups.Of("https://here/x", fields)));
        Assert.Empty(here.Intersect(CacheGroups.Of("http://here:8080/x", fields)));
    }

    [Theory, Trait("Spec", "RFC 9875 §3"), Trait("Kind", "required")]
    [InlineData("POST", "\"a\", \"b\"", 2)]
    [InlineData("PURGE", "\"a\"", 1)]
    [InlineData("GET", "\"a\"", 0)]
    [InlineData("HEAD", "\"a\"", 0)]
    [InlineData("OPTIONS", "\"a\"", 0)]
    [InlineData("POST", "a", 0)]
    [InlineData("POST", "\"a\", b", 0)]
    [InlineData("POST", "", 0)]
    public void Only_unsafe_requests_invalidate_and_only_lists_of_strings(string method, string value, int groups) =>
        Assert.Equal(groups, CacheGroups.Invalidated(Given.Request(method), Given.Ok($"Cache-Group-Invalidation: {value}")).Length);

    [Fact]
    public void At_least_32_groups_of_32_characters_are_understood() => Assert.Equal(
        128, CacheGroups.Of(Given.Uri, FieldLines.Of("Cache-Groups: " + string.Join(", ", Enumerable.Range(0, 128).Select(i => $"\"{i:d40}\"")))).Length);

    [Fact]
    public void Tags_are_words_of_the_configured_fields_and_are_no_groups()
    {
        var fields = FieldLines.Of("surrogate-key: one  two", "Cache-Tag: two,three ,", "X: four");
        var tags = CacheGroups.Tags(fields, [.. TagFields]);
        Assert.Equal(["one", "three", "two"], tags.Distinct().Select(tag => tag.Trim()).Order());
        Assert.Contains(CacheGroups.Tag("two"), tags);
        Assert.Equal("X: four", CacheGroups.WithoutTags(fields, [.. TagFields]).ToString());
        Assert.Empty(CacheGroups.Tags(fields, []));
    }
}
