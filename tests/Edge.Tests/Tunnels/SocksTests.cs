using System.Net;
using System.Text;
using Granary.Edge.Tests.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Tunnels;

[Trait("Spec", "RFC 1928"), Trait("Kind", "required")]
public sealed class SocksTests
{
    private const string Agreed = "\u0005\0", Granted5 = "\u0005\0\0\u0001\0\0\0\0\0\0", Granted4 = "\0\u005a\0\0\0\0\0\0";

    [Theory]
    [InlineData("\u0001\u007f\0\0\u0001")]
    [InlineData("\u0003\u0009localhost")]
    [InlineData("\u0003\u0009127.0.0.1")]
    public async Task Version_5_connects_to_addresses_and_names_and_loses_no_early_byte(string address)
    {
        await using var proxy = await TunnelProxy.Starts("--allow-destination", "127.0.0.0/8;::1");
        using var client = await proxy.Connects();
        await client.Says("\u0005\u0002\0\u0002");
        await client.Hears(Agreed);
        await client.Says($"\u0005\u0001\0{address}{Port(proxy.Backend.Address)}early");
        using var server = await proxy.Backend.Accepts();
        await client.Hears(Granted5);
        await server.Hears("early");
        await server.Says("answer");
        await client.Hears("answer");
    }

    [Theory]
    [InlineData("\u007f\0\0\u0001user\0")]
    [InlineData("\0\0\0\u0001\0localhost\0")]
    public async Task Version_4_connects_to_addresses_and_as_4a_to_names(string rest)
    {
        await using var proxy = await TunnelProxy.Starts("--allow-destination", "127.0.0.0/8;::1");
        using var client = await proxy.Connects();
        await client.Says($"\u0004\u0001{Port(proxy.Backend.Address)}{rest}early");
        using var server = await proxy.Backend.Accepts();
        await client.Hears(Granted4);
        await server.Hears("early");
    }

    [Theory]
    [InlineData("\u0005\u0001\u0002", "\u0005\u00ff")] // user and password: nobody knows them here
    [InlineData("\u0005\u0001\0\u0005\u0002\0\u0001\u007f\0\0\u0001\0\u0050", "\u0005\0\u0005\u0007")] // BIND
    [InlineData("\u0005\u0001\0\u0005\u0003\0\u0001\u007f\0\0\u0001\0\u0050", "\u0005\0\u0005\u0007")] // UDP ASSOCIATE
    [InlineData("\u0005\u0001\0\u0005\u0001\0\u0009", "\u0005\0\u0005\u0008")]
    [InlineData("\u0005\u0001\0\u0005\u0001\0\u0001\u000a\u0001\u0002\u0003\0\u0050", "\u0005\0\u0005\u0002")] // 10.1.2.3
    [InlineData("\u0005\u0001\0\u0005\u0001\0\u0003\u0003a b\0\u0050", "\u0005\0\u0005\u0001")]
    [InlineData("\u0004\u0001\0\u0050\u000a\u0001\u0002\u0003\0", "\0\u005b")]
    [InlineData("\u0004\u0002\0\u0050\u007f\0\0\u0001\0", "\0\u005b")]
    public async Task What_is_not_served_is_refused_with_the_code_for_it(string request, string reply)
    {
        await using var proxy = await TunnelProxy.Starts();
        Assert.StartsWith(reply, await proxy.Gets(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0005")]
    [InlineData("\u0005\u0003\0")]
    [InlineData("\u0005\u0001\0\u0005\u0001\0\u0003\u00ffshort")]
    [InlineData("\u0004\u0001\0\u0050\u007f\0\0\u0001user")]
    public async Task Whoever_ends_before_it_has_said_what_it_wants_is_left_and_forgotten(string request)
    {
        await using var proxy = await TunnelProxy.Starts();
        var reply = await proxy.Gets(request);
        Assert.True(reply.Length <= 2, reply);
        await proxy.Process.HasClients(0);
    }

    [Fact]
    public async Task Names_without_end_are_not_read()
    {
        await using var proxy = await TunnelProxy.Starts();
        using var client = await RawClient.Connects(proxy.Process.Url);
        await client.Sends("\u0004\u0001\0\u0050\u007f\0\0\u0001" + new string('u', 300));
        Assert.Empty(await client.ReadsToEnd());
    }

    [Fact]
    public async Task Where_it_is_off_it_is_no_request()
    {
        await using var proxy = await TunnelProxy.Starts("--Granary:Tunnels:Socks", "false");
        using var client = await RawClient.Connects(proxy.Process.Url);
        await client.Sends("\u0005\u0001\0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadsToEnd(), StringComparison.Ordinal);
    }

    private static string Port(IPEndPoint address) => Encoding.Latin1.GetString([(byte)(address.Port >> 8), (byte)address.Port]);
}
