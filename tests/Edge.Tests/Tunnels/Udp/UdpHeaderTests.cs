using System.Net;
using System.Text;
using Granary.Edge.Tunnels.Socks.Udp;

namespace Granary.Edge.Tests.Tunnels.Udp;

[Trait("Spec", "RFC 1928 §7")]
public sealed class UdpHeaderTests
{
    [Theory]
    [InlineData("\0\0\0\u0001\u00c0\0\u0002\u0001\u0001\u00bbdata", "192.0.2.1", 443, 10)]
    [InlineData("\0\0\0\u0003\u0001x\0\u0035data", "x", 53, 8)]
    [InlineData("\0\0\0\u0004\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u0001\u00bb", "2001:db8::1", 443, 22)]
    public void It_says_where_a_datagram_goes(string datagram, string host, int port, int length) =>
        Assert.Equal(new UdpHeader(host, port, length), UdpHeader.Read(Encoding.Latin1.GetBytes(datagram)));

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("\0\0\0\u0003")]
    [InlineData("\0\0\u0001\u0001\u00c0\0\u0002\u0001\u0001\u00bbdata")] // a fragment
    [InlineData("\0\0\u0080\u0001\u00c0\0\u0002\u0001\u0001\u00bbdata")]
    [InlineData("\0\u0001\0\u0001\u00c0\0\u0002\u0001\u0001\u00bbdata")]
    [InlineData("\0\0\0\u0002\u00c0\0\u0002\u0001\u0001\u00bbdata")]
    [InlineData("\0\0\0\u0001\u00c0\0\u0002\u0001\u0001")]
    [InlineData("\0\0\0\u0003\u00ffshort\0\u0035")]
    [InlineData("\0\0\0\u0004\u0020\u0001\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001\u0001")]
    public void What_is_none_or_that_of_a_fragment_is_not_read(string datagram) => Assert.Null(UdpHeader.Read(Encoding.Latin1.GetBytes(datagram)));

    [Theory]
    [InlineData("192.0.2.1", 10)]
    [InlineData("2001:db8::1", 22)]
    public void What_is_written_is_what_is_read(string address, int length)
    {
        var bytes = new byte[UdpHeader.Most];
        Assert.Equal(length, UdpHeader.Write(new IPEndPoint(IPAddress.Parse(address), 4711), bytes));
        Assert.Equal(new UdpHeader(address, 4711, length), UdpHeader.Read(bytes.AsSpan(0, length)));
    }
}
