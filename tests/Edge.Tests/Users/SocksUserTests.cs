using System.Text;
using Granary.Edge.Tests.Tunnels;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

/// <summary>SOCKS where users have to be known, and where they may be.</summary>
[Trait("Spec", "RFC 1929"), Trait("Kind", "required")]
public sealed class SocksUserTests(ConnectUserTests.Scene scene) : IClassFixture<ConnectUserTests.Scene>
{
    private const string Granted5 = "\u0005\0\0\u0001\0\0\0\0\0\0";

    private TunnelProxy Proxy => scene.Proxy;

    private string Wish => $"\u0005\u0001\0\u0001\u007f\0\0\u0001{Encoding.Latin1.GetString([(byte)(Proxy.Backend.Address.Port >> 8), (byte)Proxy.Backend.Address.Port])}";

    [Fact]
    public async Task Name_and_password_open_the_tunnel_and_no_early_byte_is_lost()
    {
        using var client = await Proxy.Connects();
        await client.Says("\u0005\u0002\0\u0002\u0001\u0005alice\u0006secret" + Wish + "early");
        await client.Hears("\u0005\u0002\u0001\0" + Granted5);
        using var server = await Proxy.Backend.Accepts();
        await server.Hears("early");
    }

    [Theory]
    [InlineData("\u0005\u0001\0", "\u0005\u00ff")]
    [InlineData("\u0005\u0001\u0001", "\u0005\u00ff")]
    [InlineData("\u0005\u0001\u0002\u0001\u0005alice\u0005wrong", "\u0005\u0002\u0001\u0001")]
    [InlineData("\u0005\u0001\u0002\u0001\u0007mallory\u0006secret", "\u0005\u0002\u0001\u0001")]
    [InlineData("\u0005\u0001\u0002\u0001\0\0", "\u0005\u0002\u0001\u0001")]
    [InlineData("\u0005\u0001\u0002\u0005\u0005alice\u0006secret", "\u0005\u0002")]
    [InlineData("\u0005\u0001\u0002\u0001\u00ffalice", "\u0005\u0002")]
    [InlineData("\u0004\u0001\0\u0050\u007f\0\0\u0001alice\0", "\0\u005b\0\0\0\0\0\0")]
    [InlineData("\u0004\u0001\0\u0050\0\0\0\u0001alice\0localhost\0", "\0\u005b\0\0\0\0\0\0")]
    public async Task Whoever_is_not_known_has_no_tunnel(string says, string hears) => Assert.Equal(hears, await Proxy.Gets(says));

    [Fact]
    public async Task Where_nobody_has_to_be_known_only_a_wrong_password_is_refused()
    {
        await using var proxy = await TunnelProxy.Starts("--Granary:Users:File", scene.Users.File);
        Assert.Equal("\u0005\0", (await proxy.Gets("\u0005\u0001\0"))[..2]);
        Assert.Equal("\u0005\u0002\u0001\u0001", await proxy.Gets("\u0005\u0002\0\u0002\u0001\u0005alice\u0005wrong"));
        Assert.StartsWith("HTTP/1.1 407 ", await proxy.Gets($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n{KnownUsers.Says("alice", "wrong")}\r\n\r\n"), StringComparison.Ordinal);
        using var client = await proxy.Connects();
        await client.Says($"CONNECT {proxy.Backend} HTTP/1.1\r\nHost: x\r\n\r\n");
        using var server = await proxy.Backend.Accepts();
    }
}
