using System.Net;
using Granary.Edge.Layer4.Destinations;
using Granary.Language;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Layer4;

public sealed class DestinationTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<bool> _changes = [];

    [Fact]
    public void In_turns_each_is_first_as_often_as_the_others()
    {
        var group = Group(TcpBalance.RoundRobin, "a:1", "b:1", "c:1");
        Assert.Equal(["b:1,c:1,a:1", "c:1,a:1,b:1", "a:1,b:1,c:1", "b:1,c:1,a:1"], Enumerable.Range(0, 4).Select(_ => Order(group, null)));
    }

    [Fact]
    public void The_one_with_the_fewest_connections_is_first_and_equals_take_turns()
    {
        var group = Group(TcpBalance.LeastConnections, "a:1", "b:1", "c:1");
        group.All[0].Opened();
        group.All[0].Opened();
        group.All[1].Opened();
        Assert.Equal(["c:1,b:1,a:1", "c:1,b:1,a:1"], Enumerable.Range(0, 2).Select(_ => Order(group, null)));
        group.All[0].Closed();
        group.All[2].Opened();
        Assert.Equal(3, Enumerable.Range(0, 3).Select(_ => Order(group, null)).Distinct().Count());
    }

    [Fact]
    public void The_first_that_is_up_stays_first() => Assert.Equal("a:1,b:1", Order(Group(TcpBalance.First, "a:1", "b:1"), IPAddress.Loopback));

    [Fact]
    public void A_client_stays_where_it_is_whatever_the_port_and_when_another_goes_only_the_others_clients_move()
    {
        var (control, data) = (Group(TcpBalance.ClientAddress, "a:21", "b:21", "c:21"), Group(TcpBalance.ClientAddress, "c:50000-50099", "a:50000-50099", "b:50000-50099"));
        var less = Group(TcpBalance.ClientAddress, "a:21", "c:21");
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 3000; i++)
        {
            var client = new IPAddress([10, 1, (byte)(i >> 8), (byte)i]);
            var first = Host(control, client);
            counts[first] = counts.GetValueOrDefault(first) + 1;
            Assert.Equal(first, Host(data, client));
            Assert.Equal(first, Host(control, client.MapToIPv6()));
            if (first != "b") Assert.Equal(first, Host(less, client));
        }

        Assert.All(counts.Values, static count => Assert.InRange(count, 800, 1200));
    }

    [Fact]
    public void Hosts_that_are_the_same_are_told_apart_by_their_ports()
    {
        var group = Group(TcpBalance.ClientAddress, "a:1", "a:2");
        Assert.Equal(2, Enumerable.Range(0, 100).Select(i => Order(group, new IPAddress([10, 0, 0, (byte)i]))).Distinct().Count());
    }

    [Fact]
    public void The_nth_port_leads_to_the_nth_port_and_one_port_takes_all()
    {
        var range = Group(TcpBalance.First, "a:50000-50009").All[0];
        Assert.Equal((50000, 50009), (range.Port(0), range.Port(9)));
        Assert.Equal(22, Group(TcpBalance.First, "a:22").All[0].Port(9));
    }

    [Fact]
    public void So_many_failures_in_a_row_take_a_destination_out_and_one_success_between_them_does_not()
    {
        var verdict = NewVerdict();
        Fail(verdict, 2);
        verdict.Succeeded();
        Fail(verdict, 2);
        Assert.True(verdict.IsUp);
        Fail(verdict, 1);
        Assert.False(verdict.IsUp || verdict.MayBeTried());
        Assert.Equal([false], _changes);
    }

    [Fact]
    public void After_its_time_one_may_try_it_and_a_success_brings_it_back()
    {
        var verdict = NewVerdict();
        Fail(verdict, 3);
        _clock.Advance(10.Seconds());
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(_ => verdict.MayBeTried()));
        Fail(verdict, 1);
        _clock.Advance(9.Seconds());
        Assert.False(verdict.MayBeTried());
        _clock.Advance(1.Seconds());
        Assert.True(verdict.MayBeTried());
        Assert.False(verdict.IsUp);
        verdict.Succeeded();
        Assert.True(verdict.IsUp && verdict.MayBeTried() && verdict.MayBeTried());
        Assert.Equal([false, true], _changes);
    }

    [Fact]
    public void With_no_number_of_failures_nothing_takes_it_out()
    {
        var verdict = new Verdict(0, 10.Seconds(), _clock, _changes.Add);
        Fail(verdict, 100);
        Assert.True(verdict.IsUp && verdict.MayBeTried());
    }

    private static void Fail(Verdict verdict, int times)
    {
        for (var i = 0; i < times; i++) verdict.Failed();
    }

    private Verdict NewVerdict() => new(3, 10.Seconds(), _clock, _changes.Add);

    private DestinationGroup Group(TcpBalance balance, params string[] places) =>
        new([.. places.Select(place => new Destination(TcpDestination.Parse(place)!, NewVerdict()))], balance);

    private static string Order(DestinationGroup group, IPAddress? client) => string.Join(',', group.Order(client).Select(one => one.Place));

    private static string Host(DestinationGroup group, IPAddress? client) => group.Order(client)[0].Place.Host;
}
