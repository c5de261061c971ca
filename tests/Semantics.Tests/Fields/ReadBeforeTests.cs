using Granary.Semantics.Fields;

namespace Granary.Semantics.Tests.Fields;

public sealed class ReadBeforeTests
{
    [Theory]
    [InlineData("max-age=60, no-cache=\"a\"")]
    [InlineData("private=\"b\"")]
    [InlineData("max-age=60, max-age=5")]
    public void A_field_that_was_read_before_means_the_same(string value)
    {
        var (one, other) = (CacheControl.OfResponse(FieldLines.Of($"Cache-Control: {value}")), CacheControl.OfResponse(FieldLines.Of($"cache-control: {value}")));
        Assert.Equal((one.MaxAge, one.NoCache, one.Private, string.Join(',', one.NoCacheFields), string.Join(',', one.PrivateFields)), (other.MaxAge, other.NoCache, other.Private, string.Join(',', other.NoCacheFields), string.Join(',', other.PrivateFields)));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1")]
    public void The_same_value_of_another_nominated_field_is_not_taken_for_it()
    {
        var request = new Granary.Semantics.Messages.RequestHead("GET", "http://example.org/", FieldLines.Of("X-One: same", "X-Two: same"));
        Assert.Equal("x-one", Granary.Semantics.Selection.Selection.Nominate(request, FieldLines.Of("Vary: X-One"))[0].Name);
        Assert.Equal("x-two", Granary.Semantics.Selection.Selection.Nominate(request, FieldLines.Of("Vary: X-Two"))[0].Name);
        Assert.Equal("x-one", Granary.Semantics.Selection.Selection.Nominate(request, FieldLines.Of("Vary: X-One"))[0].Name);
    }
}
