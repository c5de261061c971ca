using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Granary.Edge.Errors;
using Granary.Edge.Policy;
using Granary.Edge.Policy.Lists;
using Granary.Edge.Rules.Limits;
using Granary.Edge.Tunnels;
using Granary.Edge.Users;
using Granary.Grains.Origin.Addresses;
using Granary.Language;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Edge.Tests.Policy;

[Trait("Issue", "7"), Trait("Promise", "P8")]
public sealed class AdmissionTests
{
    private readonly List<string> _resolved = [];
    private readonly List<string> _connected = [];

    [Fact]
    public async Task A_tunnel_goes_to_an_address_that_was_judged_and_the_name_is_asked_for_once()
    {
        var (admission, connect) = await Begin("Rules:0:Action=Deny", "Rules:0:Addresses=1.1.1.0/24");
        var admitted = Assert.IsType<Admitted.In>(await admission.Admit(IPAddress.Loopback, null, TunnelWay.Connect, new TunnelTarget("Twice.example.", 443), default));
        await using var stream = await connect.ConnectAsync("Twice.example.", admitted.Addresses!, 443, default);
        Assert.Equal(["Twice.example."], _resolved);
        Assert.Equal(["8.8.4.4:443"], _connected);

        var refused = Assert.IsType<Admitted.Refused>(await admission.Admit(IPAddress.Loopback, null, TunnelWay.Socks5, new TunnelTarget("twice.example", 443), default)); // now it is another one
        Assert.Equal("rule-1", Assert.IsType<ForwardError.PolicyDenied>(refused.Why).Rule);
    }

    [Fact]
    public async Task A_name_that_has_no_address_or_one_that_is_refused_anyway_gets_nowhere()
    {
        var (admission, _) = await Begin("Rules:0:Action=Allow", "Rules:0:Addresses=0.0.0.0/0");
        Assert.Equal("dns_error", Assert.IsType<Admitted.Refused>(await admission.Admit(IPAddress.Loopback, null, TunnelWay.Connect, new TunnelTarget("none.example", 443), default)).Why.Token);
        Assert.Equal("destination_ip_prohibited", Assert.IsType<Admitted.Refused>(await admission.Admit(IPAddress.Loopback, null, TunnelWay.Connect, new TunnelTarget("inside.example", 443), default)).Why.Token);
    }

    [Fact]
    public async Task Nothing_is_resolved_where_no_rule_asks_for_it()
    {
        var (admission, _) = await Begin("Rules:0:Action=Allow", "Rules:0:Hosts=.example", "Rules:1:Action=Deny", "Rules:1:Addresses=0.0.0.0/0");
        Assert.Null(Assert.IsType<Admitted.In>(await admission.Admit(IPAddress.Loopback, null, TunnelWay.Connect, new TunnelTarget("none.example", 443), default)).Addresses);
        Assert.Empty(_resolved);
    }

    [Fact]
    public async Task A_limit_is_counted_for_each_user_wherever_they_come_from()
    {
        var (admission, _) = await Begin("RateLimits:0:Name=one", "RateLimits:0:Permits=1", "RateLimits:0:Window=1h", "Rules:0:Action=Allow", "Rules:0:Limit=one");
        var (alice, bob, target) = (new ClientIdentity("alice", []), new ClientIdentity("bob", []), new TunnelTarget("x.example", 443));
        Assert.IsType<Admitted.In>(await admission.Admit(IPAddress.Parse("192.0.2.1"), alice, TunnelWay.Connect, target, default));
        Assert.Equal(429, Assert.IsType<Admitted.Refused>(await admission.Admit(IPAddress.Parse("192.0.2.2"), alice, TunnelWay.Connect, target, default)).Why.Status);
        Assert.IsType<Admitted.In>(await admission.Admit(IPAddress.Parse("192.0.2.1"), bob, TunnelWay.Connect, target, default));
        Assert.IsType<Admitted.In>(await admission.Admit(IPAddress.Parse("192.0.2.1"), null, TunnelWay.Connect, target, default));
        Assert.IsType<Admitted.Refused>(await admission.Admit(IPAddress.Parse("192.0.2.1"), null, TunnelWay.Connect, target, default));
    }

    private async Task<(Admission, GuardedConnect)> Begin(params string[] settings)
    {
        var (source, clock) = (((ConfigurationOutcome.Valid)Rules.Read(settings)).Source, new Clock().Time);
        var lists = new PolicyLists(() => source.Current, clock, NullLogger<PolicyLists>.Instance);
        var policy = new PolicyInForce(source, lists, new Readiness(), NullLogger<PolicyInForce>.Instance);
        await policy.StartAsync(default);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var connect = GuardedConnect.ToAnyDestination(DestinationPolicy.Default, static () => 5.Seconds(), clock, Resolve, Connect);
        return (new Admission(policy, connect, new RateLimits(() => source.Current.RateLimits, clock, meters), new PolicyMeter(meters, lists, clock), clock, NullLogger<Admission>.Instance), connect);
    }

    // The second answer is another one: a name of somebody who tries to get by.
    private ValueTask<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        _resolved.Add(host);
        return host switch
        {
            "none.example" => throw new SocketException((int)SocketError.HostNotFound),
            "inside.example" => new([IPAddress.Parse("8.8.4.4"), IPAddress.Parse("10.0.0.1")]),
            _ => new([IPAddress.Parse(_resolved.Count == 1 ? "8.8.4.4" : "1.1.1.1")]),
        };
    }

    private ValueTask<Stream> Connect(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        _connected.Add(endPoint.ToString());
        return new(Stream.Null);
    }
}
