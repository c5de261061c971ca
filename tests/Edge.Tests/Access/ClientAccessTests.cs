using System.Net;
using Granary.Edge.Access;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Access;

public sealed class ClientAccessTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("fe80::1", false)]
    [InlineData("0.0.0.0", false)]
    public void By_default_only_this_machine_may_forward_and_purge(string client, bool allowed)
    {
        var access = new ClientAccess(() => new AccessSettings());

        Assert.Equal(allowed ? null : ClientRefusal.ForwardNotAllowed, access.ToForward(IPAddress.Parse(client)));
        Assert.Equal(allowed ? null : ClientRefusal.PurgeNotAllowed, access.ToPurge(IPAddress.Parse(client)));
    }

    [Fact]
    public void A_client_without_an_address_may_nothing()
    {
        var access = new ClientAccess(() => new AccessSettings { AllowClients = CidrSet.Of("0.0.0.0/0", "::/0") });

        Assert.Equal(ClientRefusal.AddressUnknown, access.ToForward(null));
    }

    [Fact]
    public void Who_may_forward_may_not_therefore_purge_and_changed_settings_hold_at_once()
    {
        var settings = new AccessSettings { AllowClients = CidrSet.Of("10.0.0.0/8"), PurgeFrom = CidrSet.Empty };
        var access = new ClientAccess(() => settings);
        var client = IPAddress.Parse("::ffff:10.1.2.3");

        Assert.Null(access.ToForward(client));
        Assert.NotNull(access.ToPurge(client));
        settings = settings with { AllowClients = CidrSet.Empty };
        Assert.NotNull(access.ToForward(client));
    }
}
