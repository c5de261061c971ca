using System.Net;
using Granary.Silo.Hosting;

namespace Granary.Silo.Tests.Hosting;

public sealed class AdvertisedAddressTests
{
    [Theory, InlineData("localhost:6379"), InlineData("127.0.0.1:6379,password=hush,ssl=true")]
    public void Where_Redis_is_on_this_machine_it_is_loopback(string redis) => Assert.Equal(IPAddress.Loopback, AdvertisedAddress.Of(redis));

    [Fact]
    public void An_address_of_another_machine_is_listened_for_on_all() => Assert.Equal(IPAddress.Any, AdvertisedAddress.ToListenOn(IPAddress.Parse("192.0.2.1")));

    [Fact]
    public void Loopback_is_listened_on_alone() => Assert.Equal(IPAddress.Loopback, AdvertisedAddress.ToListenOn(IPAddress.Loopback));

    [Fact]
    public void The_name_of_Redis_in_the_log_has_no_password()
    {
        var redis = new Redis("redis-1:6379,redis-2:6380,password=hush,user=me");
        Assert.Equal("redis-1:6379,redis-2:6380", redis.Name);
    }
}
