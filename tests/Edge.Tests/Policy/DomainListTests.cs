using System.Text;
using CsCheck;
using Granary.Edge.Policy.Lists;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7")]
public sealed class DomainListTests
{
    private const string Formats = """
        # domains, one on a line
        plain.example
          .dotted.example   # and what is behind
        *.starred.example
        UPPER.Example.
        bücher.example
        tld
        192.0.2.7
        2001:DB8::7

        # as in a hosts file
        127.0.0.1 localhost localhost.localdomain
        ::1       ip6-localhost
        255.255.255.255 broadcasthost
        0.0.0.0 0.0.0.0
        0.0.0.0	hosts.example second.example # both
        :: six.example
        """;

    [Theory]
    [InlineData("plain.example")]
    [InlineData("www.plain.example")]
    [InlineData("a.b.plain.example")]
    [InlineData("dotted.example")]
    [InlineData("x.dotted.example")]
    [InlineData("starred.example")]
    [InlineData("x.starred.example")]
    [InlineData("upper.example")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("anything.tld")]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    [InlineData("hosts.example")]
    [InlineData("www.second.example")]
    [InlineData("six.example")]
    [InlineData("localhost.localdomain")]
    public void A_domain_covers_itself_and_what_is_below(string host) => Assert.True(Covers(Rules.List(Formats.ReplaceLineEndings("\r\n")).Domains, host));

    [Theory]
    [InlineData("example")]
    [InlineData("notplain.example")]
    [InlineData("plain.example.org")]
    [InlineData("lain.example")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("broadcasthost")]
    [InlineData("2.7")]
    [InlineData("192.0.2.77")]
    public void What_is_not_in_it_is_not_covered(string host) => Assert.False(Covers(Rules.List(Formats).Domains, host));

    [Fact]
    public void Lines_that_are_no_domains_are_counted_and_left_out()
    {
        var reading = Rules.List($"\uFEFFa.example\nb c\n||ads.example^\n/regex/\na..b\n{new string('x', 300)}\n{new string('y', 100_000)}\n-\n1.2.3.4 ok.example no!name\nlast.example");
        Assert.Equal((4, 7), (reading.Domains.Count, reading.Unread));
        Assert.True(Covers(reading.Domains, "a.example") && Covers(reading.Domains, "ok.example") && Covers(reading.Domains, "last.example"));
    }

    [Fact]
    public void What_has_no_name_in_it_is_no_list_and_what_is_empty_is() =>
        Assert.Equal(0, (Assert.Throws<InvalidDataException>(() => Rules.List("<!doctype html>\n<p>Sorry</p>\n")), Rules.List("# nothing yet\n")).Item2.Domains.Count);

    [Fact]
    public void A_list_says_the_same_as_a_set() =>
        Gen.Char["ab."].Array[1, 6].Select(static chars => new string(chars).Trim('.').Replace("..", ".", StringComparison.Ordinal)).Where(static name => name.Length > 0 && !name.Contains("..", StringComparison.Ordinal))
            .Array[0, 40].Select(Gen.Char["ab."].Array[1, 8].Select(static chars => new string(chars))).Sample(static (names, host) =>
            {
                var known = names.ToHashSet();
                var expected = Enumerable.Range(0, host.Length).Where(i => i == 0 || host[i - 1] == '.').Any(i => known.Contains(host[i..]));
                return Covers(Rules.List(string.Join('\n', names)).Domains, host) == expected;
            });

    [Fact, Trait("Promise", "P7")]
    public async Task A_million_domains_take_less_than_100_MB_and_nothing_is_allocated_to_look_one_up()
    {
        var text = new MemoryStream();
        for (var i = 0; i < 1_000_000; i++) text.Write(Encoding.ASCII.GetBytes($"0.0.0.0 tracker-{i:x}.advertising-{i % 977}.example\n"));
        text.Position = 0;
        var list = (await ListReading.Of(text, text.Length, CancellationToken.None)).Domains;
        Assert.Equal(1_000_000, list.Count);
        Assert.InRange(list.Bytes, 1, 100_000_000); // its two arrays: what else others allocate meanwhile, nobody can tell apart

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Assert.True(Covers(list, "www.tracker-3e8.advertising-23.example") && !Covers(list, "www.tracker-3e8.advertising-24.example"));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static bool Covers(DomainList list, string host) => list.Covers(host, System.Net.IPAddress.TryParse(host, out _));
}
