using System.Net;
using System.Text;
using CsCheck;
using Granary.Edge.ProxyProtocol;

namespace Granary.Edge.Tests.ProxyProtocol;

[Trait("Spec", "The PROXY protocol, §2"), Trait("Kind", "required")]
public sealed class ProxyHeaderTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n", "192.0.2.1:51000", "198.51.100.2:443")]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 2001:DB8:0:0:0:0:0:1 :: 1 2\r\n", "[2001:db8::1]:1", "[::]:2")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n", "[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:2")]
    public void A_line_of_text_tells_client_and_destination(string line, string source, string destination) =>
        Assert.Equal(new ProxyReading.Complete(new ProxyHeader.Client(IPEndPoint.Parse(source), IPEndPoint.Parse(destination)), line.Length), Read(line + "PROXY"));

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN \r\n")]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n")]
    public void UNKNOWN_tells_that_the_address_is_not_known(string line) => Assert.Equal(new ProxyReading.Complete(ProxyHeader.Unknown.Instance, line.Length), Read(line));

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4\t192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\r\n")]
    [InlineData("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 0xc0000201 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1::2::3 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.01 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1\u00b2 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY UNKNOWN \u001b[31m\r\n")]
    public void A_line_that_is_not_as_it_has_to_be_is_refused(string line) => Assert.Equal(new ProxyReading.Refused(ProxyFault.Malformed), Read(line));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXZ")]
    [InlineData("proxy TCP4")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    [InlineData("SSH-2.0-x\r\n")]
    public void What_begins_otherwise_has_no_header(string bytes) => Assert.Equal(new ProxyReading.Refused(ProxyFault.NoHeader), Read(bytes));

    [Fact]
    public void A_line_may_have_107_bytes_and_no_more()
    {
        var longest = $"PROXY UNKNOWN {new string('x', 107 - 14 - 2)}\r\n";
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Unknown.Instance, 107), Read(longest));
        Assert.Equal(new ProxyReading.Refused(ProxyFault.TooLong), Read(longest.Replace("\r\n", "x\r\n", StringComparison.Ordinal)));
        Assert.Equal(ProxyReading.Undecided.Instance, Read(longest[..106]));
    }

    [Theory]
    [InlineData("\u0021\u0011\0\u000c" + "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0001\0\u0001\u00bb", "1.2.3.4:256", "5.6.7.8:443")]
    [InlineData("\u0021\u0011\0\u0011" + "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0001\0\u0001\u00bb" + "\u0004\0\u0002ab", "1.2.3.4:256", "5.6.7.8:443")]
    [InlineData("\u0021\u0021\0\u0024" + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001" + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0002" + "\0\u0001\0\u0002", "[::1]:1", "[::2]:2")]
    public void A_binary_header_tells_client_and_destination_and_what_follows_them_is_skipped(string behind, string source, string destination)
    {
        var header = Signature + behind;
        Assert.Equal(new ProxyReading.Complete(new ProxyHeader.Client(IPEndPoint.Parse(source), IPEndPoint.Parse(destination)), header.Length), Read(header + "\u0016\u0003"));
    }

    [Fact]
    public void LOCAL_is_the_proxy_itself_whatever_it_carries()
    {
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Local.Instance, 16), Read(Signature + "\u0020\0\0\0"));
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Local.Instance, 19), Read(Signature + "\u0020\u0011\0\u0003abc"));
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Local.Instance, 16), Read(Signature + "\u0020\u00ff\0\0"));
    }

    [Theory]
    [InlineData("\u0021\0\0\0")]
    [InlineData("\u0021\u0001\0\u0002ab")]
    [InlineData("\u0021\u0012\0\u000c............")]
    [InlineData("\u0021\u0022\0\u0024....................................")]
    public void UNSPEC_and_datagrams_tell_that_the_address_is_not_known(string behind) =>
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Unknown.Instance, 12 + behind.Length), Read(Signature + behind));

    [Fact]
    public void A_UNIX_socket_is_no_address()
    {
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Unknown.Instance, 16 + 216), Read(Signature + "\u0021\u0031\0\u00d8" + new string('s', 216)));
        Assert.Equal(new ProxyReading.Refused(ProxyFault.Malformed), Read(Signature + "\u0021\u0031\0\u00d7"));
    }

    [Theory]
    [InlineData("\u0011", ProxyFault.Malformed)]
    [InlineData("\u0022", ProxyFault.Malformed)]
    [InlineData("\u002f", ProxyFault.Malformed)]
    [InlineData("\u0021\u0013", ProxyFault.Malformed)]
    [InlineData("\u0021\u0041", ProxyFault.Malformed)]
    [InlineData("\u0021\u00ff", ProxyFault.Malformed)]
    [InlineData("\u0021\u0011\0\u000b", ProxyFault.Malformed)]
    [InlineData("\u0021\u0021\0\u0023", ProxyFault.Malformed)]
    [InlineData("\u0021\u0011\u003f\u00f1", ProxyFault.TooLong)]
    [InlineData("\u0020\0\u00ff\u00ff", ProxyFault.TooLong)]
    public void A_binary_header_that_is_not_as_it_has_to_be_is_refused_before_more_is_waited_for(string behind, ProxyFault why) =>
        Assert.Equal(new ProxyReading.Refused(why), Read(Signature + behind));

    [Fact]
    public void A_header_cut_anywhere_is_waited_for_and_what_stands_behind_it_changes_nothing()
    {
        string[] headers =
        [
            "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n", "PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "PROXY UNKNOWN\r\n", Signature + "\u0020\0\0\0",
            Signature + "\u0021\u0011\0\u0011" + "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0001\0\u0001\u00bb" + "\u0004\0\u0002ab",
        ];
        foreach (var header in headers)
        {
            var complete = Read(header);
            for (var cut = 0; cut < header.Length; cut++) Assert.Same(ProxyReading.Undecided.Instance, Read(header[..cut]));
            for (var next = 0; next < 256; next++) Assert.Equal(complete, Read(header + (char)next));
        }
    }

    [Fact]
    public void Nothing_makes_it_throw_and_what_is_decided_stays_decided_whatever_follows()
    {
        string[] begins = ["", "PROXY ", "PROXY TCP4 ", "PROXY TCP6 ::", Signature, Signature + "\u0021", Signature + "\u0021\u0011\0", Signature + "\u0020\0"];
        var text = Gen.Char["0123456789abcdef.: \r\nTCPUNKOW"].Select(static letter => (byte)letter);
        var bytes = Gen.Select(Gen.Int[0, begins.Length - 1].Select(at => begins[at]), Gen.OneOf(Gen.Byte.Array[0, 300], text.Array[0, 120]));
        bytes.Sample((begin, rest) =>
        {
            byte[] all = [.. Encoding.Latin1.GetBytes(begin), .. rest];
            var decided = default(ProxyReading);
            for (var length = 0; length <= all.Length; length++)
            {
                var now = ProxyHeaderReader.Read(all.AsSpan(0, length));
                if (decided is not null) Assert.Equal(decided, now);
                else if (now is not ProxyReading.Undecided) decided = now;
                if (now is ProxyReading.Complete complete) Assert.InRange(complete.Length, 1, length);
            }
        }, iter: 2000);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var address = Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Select(static bytes => new IPAddress(bytes)).Where(static address => !address.IsIPv4MappedToIPv6);
        Gen.Select(address, address, Gen.UShort, Gen.UShort).Sample((from, to, fromPort, toPort) =>
        {
            var (source, destination) = (new IPEndPoint(from, fromPort), new IPEndPoint(to, toPort));
            if (from.AddressFamily == to.AddressFamily)
                foreach (var written in (byte[][])[ProxyHeaderWriter.V1(source, destination), ProxyHeaderWriter.V2(source, destination)])
                    Assert.Equal(new ProxyReading.Complete(new ProxyHeader.Client(source, destination), written.Length), ProxyHeaderReader.Read(written));
        });
    }

    [Fact]
    public void What_is_written_of_an_unknown_client_or_a_mixed_pair_is_valid_as_well()
    {
        foreach (var written in (byte[][])[ProxyHeaderWriter.V1(null, null), ProxyHeaderWriter.V2(null, null)])
            Assert.Equal(new ProxyReading.Complete(ProxyHeader.Unknown.Instance, written.Length), ProxyHeaderReader.Read(written));
        Assert.Equal(new ProxyReading.Complete(ProxyHeader.Local.Instance, 16), ProxyHeaderReader.Read(ProxyHeaderWriter.LocalV2()));
        var (v4, v6, mapped) = (IPEndPoint.Parse("192.0.2.1:1"), IPEndPoint.Parse("[2001:db8::1]:2"), IPEndPoint.Parse("[::ffff:192.0.2.9]:3"));
        Assert.Equal("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::1 1 2\r\n", Encoding.ASCII.GetString(ProxyHeaderWriter.V1(v4, v6)));
        Assert.Equal("PROXY TCP4 192.0.2.9 192.0.2.1 3 1\r\n", Encoding.ASCII.GetString(ProxyHeaderWriter.V1(mapped, v4)));
        Assert.IsType<ProxyHeader.Client>(Assert.IsType<ProxyReading.Complete>(ProxyHeaderReader.Read(ProxyHeaderWriter.V2(v4, v6))).Header);
    }

    private static ProxyReading Read(string latin1) => ProxyHeaderReader.Read(Encoding.Latin1.GetBytes(latin1));
}
