using Granary.Edge.Hiding;
using Granary.Silo.Configuration.Values;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Tests.Hiding;

public sealed class OutwardNamesTests
{
    private static OutwardNames Names(string inner = "http://inner:9000", string scheme = "https", string? authority = "shop.example", PathPrefixes? paths = null) =>
        new([.. inner.Split(' ').Select(NamePair.Parse).Select(pair => new InnerName(pair!.Inner, pair.Outer))], scheme, authority, paths ?? PathPrefixes.None);

    [Theory, Trait("Spec", "RFC 3986 §4"), Trait("Kind", "check")]
    [InlineData("http://inner:9000/a?b=c#d", "https://shop.example/a?b=c#d")]
    [InlineData("http://inner:9000", "https://shop.example")]
    [InlineData("http://inner:9000?q", "https://shop.example?q")]
    [InlineData("http://inner:9000#f", "https://shop.example#f")]
    [InlineData("HTTP://INNER:9000/A", "https://shop.example/A")]
    [InlineData("http://inner.:9000/", "https://shop.example/")]
    [InlineData("http://inner:09000/", "https://shop.example/")]
    [InlineData("https://inner:9000/", "https://shop.example/")]
    [InlineData("http://user:secret@inner:9000/", "https://shop.example/")]
    [InlineData("//inner:9000/a", "//shop.example/a")]
    [InlineData("http://inner:9000/a?to=http://inner:9000/", "https://shop.example/a?to=http://inner:9000/")]
    public void A_reference_to_the_destination_becomes_one_to_the_name_that_was_asked_for(string written, string outward) => Assert.Equal(outward, Names().Reference(written));

    [Theory]
    [InlineData("/a"), InlineData("a"), InlineData(""), InlineData("?q"), InlineData("#f"), InlineData("../x"), InlineData("mailto:x@inner:9000"), InlineData("ftp://inner:9000/")]
    [InlineData("http://inner/"), InlineData("http://inner:9001/"), InlineData("http://inner.example:9000/"), InlineData("http://xinner:9000/"), InlineData("http://other/?u=http://inner:9000/")]
    [InlineData("http://inner:9000@other/"), InlineData("http://inner:9000:9000/"), InlineData("http://inner:99999/"), InlineData("http://[::1/"), InlineData("http://"), InlineData("//"), InlineData("http:///inner:9000/")]
    [InlineData("http://inner%3a9000/"), InlineData("http:inner:9000"), InlineData("http://shop.example/")]
    public void What_names_anything_else_stays_as_it_was_written(string written) => Assert.Same(written, Names().Reference(written));

    [Theory]
    [InlineData("http://[::1]:9000", "http://[0:0:0:0:0:0:0:1]:9000/x", "https://shop.example/x")]
    [InlineData("http://[fd00::5]", "http://[FD00::5]/x", "https://shop.example/x")]
    [InlineData("http://10.0.0.5:8080", "http://10.0.0.5:8080/x", "https://shop.example/x")]
    [InlineData("http://inner", "http://inner:80/x", "https://shop.example/x")]
    [InlineData("https://inner", "https://inner:443/x", "https://shop.example/x")]
    public void Names_are_compared_by_what_they_mean(string inner, string written, string outward) => Assert.Equal(outward, Names(inner).Reference(written));

    [Fact]
    public void A_redirect_to_the_other_scheme_keeps_it_and_says_nothing_of_the_port()
    {
        Assert.Equal("https://shop.example/x", Names("http://inner", "http", "shop.example:8080").Reference("https://inner/x"));
        Assert.Equal("http://shop.example:8080/x", Names("http://inner", "http", "shop.example:8080").Reference("http://inner/x"));
        Assert.Equal("http://[2001:db8::1]/x", Names("https://inner", "https", "[2001:db8::1]:8443").Reference("http://inner/x"));
    }

    [Fact]
    public void Without_a_name_that_was_asked_for_a_reference_loses_its_host()
    {
        Assert.Equal("/a?b", Names(authority: null).Reference("http://inner:9000/a?b"));
        Assert.Equal("/", Names(authority: null).Reference("http://inner:9000"));
        Assert.Equal("", Names(authority: null).Domain("inner"));
    }

    [Fact]
    public void Configured_pairs_come_before_destinations_and_the_longest_path_before_all()
    {
        var names = Names("http://cms:8080/app=https://www.example/cms http://cms:8080=https://cms.example http://inner:9000");
        Assert.Equal("https://www.example/cms/x", names.Reference("http://cms:8080/app/x"));
        Assert.Equal("https://www.example/cms?q", names.Reference("http://cms:8080/app?q"));
        Assert.Equal("https://cms.example/apple", names.Reference("http://cms:8080/apple"));
        Assert.Equal("https://shop.example/x", names.Reference("http://inner:9000/x"));
    }

    [Theory]
    [InlineData("/inner/x?q", "/outer/x?q")]
    [InlineData("/inner", "/outer")]
    [InlineData("/inner/", "/outer")]
    [InlineData("/innermost/x", "/innermost/x")]
    [InlineData("/elsewhere", "/elsewhere")]
    [InlineData("http://inner:9000/inner/x", "https://shop.example/outer/x")]
    [InlineData("http://inner:9000/elsewhere", "https://shop.example/elsewhere")]
    public void Paths_of_the_destination_become_those_that_clients_know(string written, string outward) =>
        Assert.Equal(outward, Names(paths: new PathPrefixes("/outer", "/inner")).Reference(written));

    [Theory]
    [InlineData("/x", "/api/x"), InlineData("/api/x", "/api/x"), InlineData("/apis", "/api/apis"), InlineData("/", "/api"), InlineData("http://inner:9000/base/x", "https://shop.example/api/x")]
    public void A_prefix_that_was_taken_away_comes_back_unless_the_destination_knows_of_it(string written, string outward) =>
        Assert.Equal(outward, Names(written.StartsWith('/') ? "http://inner:9000" : "http://inner:9000/base", paths: new PathPrefixes("/api", "")).Reference(written));

    [Theory]
    [InlineData("5; url=http://inner:9000/x", "5; url=https://shop.example/x")]
    [InlineData("0;URL='http://inner:9000/x'", "0;URL='https://shop.example/x'")]
    [InlineData("0, url = \"http://inner:9000/x\" ", "0, url = \"https://shop.example/x\" ")]
    [InlineData("0;http://inner:9000/x", "0;https://shop.example/x")]
    [InlineData("0; url=http://other/", "0; url=http://other/")]
    [InlineData("5", "5"), InlineData("", ""), InlineData("5;", "5;"), InlineData("5; url", "5; url"), InlineData("5; url=", "5; url="), InlineData("5; url='", "5; url='")]
    public void Refresh_is_read_as_browsers_read_it(string written, string outward) => Assert.Equal(outward, OutwardValues.Refresh(written, Names()));

    [Theory, Trait("Spec", "RFC 8288 §3"), Trait("Kind", "check")]
    [InlineData("<http://inner:9000/s.css>; rel=preload; as=style, </x>; rel=next", "<https://shop.example/s.css>; rel=preload; as=style, </x>; rel=next")]
    [InlineData("</x>; anchor=\"http://inner:9000/y\"; title=\"<http://inner:9000>\"", "</x>; anchor=\"https://shop.example/y\"; title=\"<http://inner:9000>\"")]
    [InlineData("<http://other/>; rel=x", "<http://other/>; rel=x")]
    [InlineData("<http://inner:9000/", "<http://inner:9000/"), InlineData("", ""), InlineData(">", ">"), InlineData("<>", "<>"), InlineData("\"", "\"")]
    public void Links_are_turned_where_they_name_the_destination(string written, string outward) =>
        Assert.Equal(outward, OutwardValues.Link(written, Names(paths: new PathPrefixes("/outer", "/x"))));

    [Theory, Trait("Spec", "RFC 6265 §5.2"), Trait("Kind", "check")]
    [InlineData("a=b; Domain=inner; Path=/", "a=b; Domain=shop.example; Path=/")]
    [InlineData("a=b; domain = .INNER ; Secure", "a=b; domain=shop.example; Secure")]
    [InlineData("a=Domain=inner; HttpOnly", "a=Domain=inner; HttpOnly")]
    [InlineData("a=b; Domain=other.example", "a=b; Domain=other.example")]
    [InlineData("a=b; Domain=example; Max-Age=1", "a=b; Domain=example; Max-Age=1")]
    [InlineData("a=b", "a=b"), InlineData("", ""), InlineData(";", ";"), InlineData("a=b;;Domain", "a=b;;Domain"), InlineData("a=b; Domain=", "a=b; Domain=")]
    public void The_domain_of_a_cookie_becomes_the_name_that_was_asked_for(string written, string outward) => Assert.Equal(outward, OutwardValues.SetCookie(written, Names()));

    [Fact]
    public void A_domain_that_browsers_would_refuse_goes_so_that_the_cookie_is_the_asked_hosts()
    {
        Assert.Equal("a=b; Path=/", OutwardValues.SetCookie("a=b; Domain=corp.internal; Path=/", Names("http://app.corp.internal:9000")));
        Assert.Equal("a=b", OutwardValues.SetCookie("a=b; Domain=inner", Names(authority: "203.0.113.7:8080")));
        Assert.Equal("a=b; Domain=cms.example", OutwardValues.SetCookie("a=b; Domain=cms", Names("http://cms:1=https://cms.example:8443")));
    }

    [Fact]
    public void The_path_of_a_cookie_is_turned_unless_its_name_forbids_it()
    {
        var names = Names(paths: new PathPrefixes("/outer", ""));
        Assert.Equal("a=b; Path=/outer/x; Secure", OutwardValues.SetCookie("a=b; Path=/x; Secure", names));
        Assert.Equal("a=b; Path=/outer", OutwardValues.SetCookie("a=b; Path=/", names));
        Assert.Equal("__Host-a=b; Path=/; Secure", OutwardValues.SetCookie("__Host-a=b; Path=/; Secure", names));
    }

    [Theory]
    [InlineData("/outer/{**rest}", "PathRemovePrefix=/outer", "/outer", "")]
    [InlineData("/outer/{**rest}", "PathRemovePrefix=/outer PathPrefix=/inner/deep/", "/outer", "/inner/deep")]
    [InlineData("/outer/{**rest}", "PathPrefix=/a PathRemovePrefix=/a", "", "")]
    [InlineData("/outer/{**rest}", "PathPrefix=/a PathRemovePrefix=/b", "", "")]
    [InlineData("/outer/{**rest}", "PathPattern=/inner/{**rest}", "/outer", "/inner")]
    [InlineData("/outer/{**rest}", "PathPattern=/inner/{**other}", "", "")]
    [InlineData("/{a}/{**rest}", "PathPattern=/inner/{**rest}", "", "")]
    [InlineData("/outer/{**rest}", "PathRemovePrefix=/outer PathSet=/one", "", "")]
    [InlineData("/outer", "PathPattern=/inner/{x}", "", "")]
    [InlineData(null, "PathPrefix=/inner", "", "/inner")]
    public void Transforms_of_paths_are_turned_round_where_they_can_be(string? path, string transforms, string outer, string inner)
    {
        var route = new RouteConfig
        {
            RouteId = "r",
            Match = new RouteMatch { Path = path },
            Transforms = [.. transforms.Split(' ').Select(each => each.Split('=')).Select(pair => new Dictionary<string, string> { [pair[0]] = pair[1] })],
        };
        Assert.Equal(new PathPrefixes(outer, inner), PathPrefixes.Of(route));
    }
}
