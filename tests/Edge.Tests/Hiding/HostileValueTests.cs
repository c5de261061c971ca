using CsCheck;
using Granary.Edge.Access;
using Granary.Edge.Hiding;
using Granary.Edge.Presenting;
using Granary.Edge.Routing;
using Granary.Grains.Origin;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Http;

namespace Granary.Edge.Tests.Hiding;

/// <summary>Whatever an origin or a client writes, nothing throws, and what was turned outward once stays so.</summary>
public sealed class HostileValueTests
{
    private static readonly string[] Words =
    [
        "http://", "HTTPS://", "//", "inner", ":9000", "inner:9000", "http://inner:9000", "/", "/outer", "/inner", "\\", "@", "[", "]", "::1", "?", "#", ";", ",", "=", "\"", "'", "<", ">", "(", ")", " ", "\t",
        "url", "Domain", "Path", "Domain=inner", "Path=/inner", "__Host-a=b", "anchor=", "1.1", "granary", "for=", "proto=https", "unknown", "%", "%2f", "..", ".", "\u00e4", "\0", "99999999999", "x",
    ];

    private static readonly Gen<string> Values = Gen.Int[0, Words.Length - 1].Array[0, 14].Select(static chosen => string.Concat(chosen.Select(static i => Words[i])));

    private static OutwardNames Names(PathPrefixes paths) =>
        new([new InnerName(OriginName.Parse("http://inner:9000")!, null), new InnerName(OriginName.Parse("http://[::1]:80/inner")!, OriginName.Parse("https://www.example/x"))], "https", "shop.example", paths);

    [Fact]
    public void Nothing_that_can_be_written_does_harm() => Values.Sample(
        text =>
        {
            foreach (var paths in (PathPrefixes[])[PathPrefixes.None, new("/outer", "/inner"), new("/outer", "")])
            {
                var names = Names(paths);
                _ = (OutwardValues.Refresh(text, names), OutwardValues.SetCookie(text, names), names.OnPath(text), OutwardValues.Link(text, names));
            }

            var plain = Names(PathPrefixes.None);
            var once = plain.Reference(text);
            Assert.Equal(once, plain.Reference(once));
            Assert.DoesNotContain("\n", Via.WithoutHosts(text, "granary"), StringComparison.Ordinal);
            _ = CdnLoop.Names(new FieldLines([new FieldLine("CDN-Loop", text)]), "granary");
            foreach (var hops in new[] { ToldHops.OfForwarded(new HeaderDictionary { ["Forwarded"] = text }), ToldHops.OfXForwarded(new HeaderDictionary { ["X-Forwarded-For"] = text, ["X-Forwarded-Proto"] = text }) })
                for (var hop = 0; hop < hops.Count; hop++) _ = (hops.AddressOf(hop), hops.SchemeOf(hop));
            _ = (NamePair.Parse(text), RedirectFrom.Parse(text), new RedirectToAttribute("").Read(text));
        },
        iter: 20_000, threads: 1);

    [Fact]
    public void A_response_with_nothing_to_hide_goes_as_it_is()
    {
        var settings = new HidingSettings();
        var outward = new OutwardFields(() => settings, new Pseudonym("granary"));
        var destination = new Destination.Origin("http://shop.example/", "shop.example", new OriginRoute("http://inner:9000", "/", true), IsReverse: true);
        var fields = FieldLines.Of("Content-Type: text/css", "ETag: \"1\"", "Cache-Control: max-age=60", "Date: x", "Vary: Accept-Encoding");
        var context = new DefaultHttpContext();

        Assert.Same(fields, outward.Of(context, destination, fields));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) outward.Of(context, destination, fields);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Theory, Trait("Spec", "RFC 9110 §7.6.3"), Trait("Kind", "optimal")]
    [InlineData("1.1 fred", "1.1 fred")]
    [InlineData("1.0 a.example:80 (x/1.0, y), 1.1 [::1]:8080", "1.0 granary, 1.1 granary")]
    [InlineData("1.1 a.b, 1.1 c.d (z)", "1.1 granary")]
    [InlineData("garbage", ""), InlineData("", ""), InlineData(",,", ""), InlineData("1.1 (only a comment)", "")]
    [InlineData("1.1 a.b (never closed, 1.1 c", "1.1 granary, 1.1 c")]
    public void Hosts_in_Via_are_replaced_and_pseudonyms_stay(string written, string outward) => Assert.Equal(outward, Via.WithoutHosts(written, "granary"));
}
