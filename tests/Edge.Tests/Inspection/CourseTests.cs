using System.IO.Pipelines;
using Granary.Edge.Inspection;
using Granary.Edge.Layer4.Hello;
using Granary.Edge.Listening;
using Granary.Edge.Tunnels;
using Granary.Language;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Inspection;

public sealed class CourseTests
{
    private static readonly TunnelTarget Site = new("www.Example.com.", 443), Address = new("192.0.2.1", 443);

    [Fact]
    public void What_is_TLS_to_somebody_is_never_spliced()
    {
        foreach (var beginning in (byte[][])
            [
                [22, 3, 3, 0, 1, 9], [22, 3, 255, 0, 5, 1, 2, 3, 4, 5], [22, 4, 1], [22, 0], [20, 3, 3, 0, 1, 1], [21, 3, 1, 0, 2, 1, 90], [23, 3, 3], [24, 3],
                [0x80, 46, 1, 3, 1], [0x85, 1, 1], [22, 3, 1, 0, 0], [22, 3, 1, 0xff, 0xff], [.. Hellos.For("127.0.0.1")], [.. Hellos.For("a..b")], [.. Hellos.For("www.example.com.")], [.. Hellos.For("")],
            ])
            Assert.True(Beginning.Of(beginning) is null or Beginning.Unreadable, Convert.ToHexString(beginning));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("\0")]
    [InlineData("\u0080\u0001\u0002")]
    public void What_is_none_is_known_by_its_first_bytes(string text) => Assert.IsType<Beginning.Other>(Beginning.Of(text.Select(static c => (byte)c).ToArray()));

    [Fact]
    public void Every_part_of_a_hello_is_waited_for()
    {
        var hello = Hellos.For("www.example.com");
        for (var length = 0; length < hello.Length; length++) Assert.Null(Beginning.Of(hello.AsSpan(0, length)));
        Assert.Equal(new Beginning.Tls("www.example.com"), Beginning.Of(hello));
        Assert.Equal(new Beginning.Tls(null), Beginning.Of(Hellos.For(null)));
    }

    [Fact]
    public async Task What_was_looked_at_is_still_there()
    {
        var pipe = new Pipe();
        var look = Beginning.Look(pipe.Reader, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None).AsTask();
        foreach (var each in Hellos.For("a.example")) await pipe.Writer.WriteAsync(new[] { each });
        Assert.Equal(new Beginning.Tls("a.example"), await look.Within());
        var read = await pipe.Reader.ReadAtLeastAsync(Hellos.For("a.example").Length);
        Assert.Equal(Hellos.For("a.example"), System.Buffers.BuffersExtensions.ToArray(read.Buffer));
    }

    [Fact]
    public async Task A_client_that_ends_early_is_no_client_of_anybody()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Hellos.For("a.example").AsMemory(0, 20));
        await pipe.Writer.CompleteAsync();
        Assert.Equal(new Beginning.Unreadable(HelloFault.Incomplete), await Beginning.Look(pipe.Reader, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None));
    }

    [Fact, Trait("Promise", "P8")]
    public void Where_connections_are_handed_on_is_no_address_that_anybody_could_mean() => Assert.False(Uri.TryCreate($"http://{new HandOff("inside").EndPoint}", UriKind.Absolute, out _));

    [Fact]
    public void The_name_in_the_hello_has_to_be_the_one_that_was_asked_for()
    {
        Assert.Equal(new Course.Open("www.example.com"), Course.Of(new Beginning.Tls("www.example.com"), Site, NotTls.Splice));
        Assert.Equal(new Course.Open("www.example.com"), Course.Of(new Beginning.Tls(null), Site, NotTls.Splice));
        Assert.Equal(new Course.Refuse(InspectionFault.OtherName), Course.Of(new Beginning.Tls("example.com"), Site, NotTls.Splice));
    }

    [Fact]
    public void To_an_address_the_name_counts_where_there_is_one()
    {
        Assert.Equal(new Course.GoTo(new TunnelTarget("www.example.com", 443)), Course.Of(new Beginning.Tls("www.example.com"), Address, NotTls.Splice));
        Assert.Equal(new Course.Open("192.0.2.1"), Course.Of(new Beginning.Tls(null), Address, NotTls.Splice));
        Assert.Equal(new Course.Open("192.0.2.1"), Course.Of(new Beginning.Tls(null), new TunnelTarget("0xc0.0.2.1", 443), NotTls.Splice));
    }

    [Fact]
    public void What_does_not_begin_with_TLS_is_spliced_or_refused_as_the_settings_say()
    {
        Assert.Equal(new Course.Splice(), Course.Of(new Beginning.Other(), Site, NotTls.Splice));
        Assert.Equal(new Course.Refuse(InspectionFault.NotTls), Course.Of(new Beginning.Other(), Site, NotTls.Refuse));
        Assert.Equal(new Course.Refuse(InspectionFault.TooLong), Course.Of(new Beginning.Unreadable(HelloFault.TooLong), Site, NotTls.Splice));
    }
}
