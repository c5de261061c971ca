using Granary.Grains.Origin;
using Granary.Grains.Resources;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Storability;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Granary.Grains.Tests.Origin;

public sealed class OriginRouteTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void What_a_silo_must_know_of_a_route_travels_with_the_question()
    {
        var route = new OriginRoute("http://one", "/page", IsConfigured: true)
        {
            Host = "shop.example",
            Others = [new OriginDestination("http://two", null), new OriginDestination("http://three", "three.example")],
            Group = new OriginGroup("shop")
            {
                Connections = new ConnectionTraits { TlsProtocols = 12288, AcceptsAnyCertificate = true, MaxConnections = 7, MultipleHttp2Connections = false, RequestEncoding = "utf-8", Proxy = "http://proxy" },
                Patience = TimeSpan.FromSeconds(7),
                HttpVersion = 11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            Rules = new RouteRules { DefaultLifetime = TimeSpan.FromSeconds(5), SetCookie = SetCookieStorage.Always, HonourRequestDirectives = false, HeuristicFraction = 0.5 },
        };
        var question = new Question { Presented = new RequestHead("GET", "http://shop.example/page", FieldLines.Of("Accept: */*")), Route = route };
        var arrived = Serializer.Deserialize<Question>(Serializer.SerializeToArray(question))!.Route;
        Assert.Equal(route.Others.AsEnumerable(), arrived.Others);
        Assert.Equal(route, arrived with { Others = route.Others });
    }

    [Fact]
    public void What_a_fetch_has_learned_travels_with_the_answer()
    {
        Answer answer = new Answer.Pass(Semantics.Reusability.ForwardReason.Miss, "x") { Learned = [new DestinationReport("http://one", OriginFault.ConnectionRefused, 0), new DestinationReport("http://two", null, 200)] };
        var arrived = Serializer.Deserialize<Answer>(Serializer.SerializeToArray(answer))!;
        Assert.Equal(answer.Learned.AsEnumerable(), arrived.Learned);
    }

    [Fact]
    public void A_destination_with_a_host_of_its_own_is_asked_under_it()
    {
        var route = new OriginRoute("http://one", "/", IsConfigured: true) { Host = "shop.example" };
        Assert.Equal("two.example", route.To(new OriginDestination("http://two", "two.example")).Host);
        Assert.Null(route.To(new OriginDestination("http://two", null)).Host);
    }
}
