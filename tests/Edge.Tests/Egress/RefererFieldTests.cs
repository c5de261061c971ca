using Granary.Edge.Presenting;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Egress;

[Trait("Spec", "RFC 9110 §17.9")]
public sealed class RefererFieldTests
{
    private const string Page = "https://intra.example.com/secret?q=1", Here = "http://www.example.org/page";

    [Theory]
    [InlineData(RefererPolicy.Keep, Page, Page)]
    [InlineData(RefererPolicy.Origin, Page, "https://intra.example.com/")]
    [InlineData(RefererPolicy.Origin, "http://x.example:8080/a", "http://x.example:8080/")]
    [InlineData(RefererPolicy.Origin, "http://user:pw@x.example/a", "http://x.example/")]
    [InlineData(RefererPolicy.Origin, "ftp://x.example/a", null)]
    [InlineData(RefererPolicy.Origin, "/relative", null)]
    [InlineData(RefererPolicy.Origin, "about:blank", null)]
    [InlineData(RefererPolicy.CrossOrigin, Page, "https://intra.example.com/")]
    [InlineData(RefererPolicy.CrossOrigin, "http://www.example.org/other?x", "http://www.example.org/other?x")]
    [InlineData(RefererPolicy.CrossOrigin, "http://www.example.org:80/other", "http://www.example.org:80/other")]
    [InlineData(RefererPolicy.CrossOrigin, "https://www.example.org/other", "https://www.example.org/")]
    [InlineData(RefererPolicy.Remove, Page, null)]
    public void Sites_are_told_as_much_of_the_page_before_as_is_set(RefererPolicy policy, string sent, string? told)
    {
        var fields = new RefererField(() => policy).Write(new FieldLines([new FieldLine("Accept", "*/*"), new FieldLine("referer", sent)]), Here);
        Assert.Equal(told, fields.Has("Referer") ? fields.Combined("Referer") : null);
    }

    [Fact]
    public void Whoever_says_nothing_is_not_made_to() =>
        Assert.False(new RefererField(static () => RefererPolicy.Origin).Write(new FieldLines([new FieldLine("Accept", "*/*")]), Here).Has("Referer"));
}
