using System.Collections.Immutable;
using System.Net;
using Granary.Silo.Membership;
using Orleans.Runtime;

namespace Granary.Silo.Tests.Membership;

public sealed class NamesakesTests
{
    private static readonly SiloAddress Self = Address(2), Elder = Address(1), Younger = Address(3);

    private readonly Namesakes _namesakes = new();

    [Fact]
    public void An_elder_that_shows_life_is_found()
    {
        Assert.Null(Look(Elder, "now"));
        Assert.Equal(Elder, Look(Elder, "later"));
    }

    [Fact]
    public void The_own_row_of_before_a_crash_shows_no_life()
    {
        Assert.Null(Look(Elder, "then"));
        Assert.Null(Look(Elder, "then"));
    }

    [Fact]
    public void The_younger_of_two_has_to_go_not_we()
    {
        Assert.Null(Look(Younger, "now"));
        Assert.Null(Look(Younger, "later"));
    }

    [Fact]
    public void Who_has_another_name_or_is_dead_is_no_namesake()
    {
        foreach (var (name, status) in new[] { ("other", SiloStatus.Active), ("self", SiloStatus.Dead) })
        {
            Assert.Null(Look(Elder, "now", name, status));
            Assert.Null(Look(Elder, "later", name, status));
        }
    }

    private SiloAddress? Look(SiloAddress other, string row, string name = "self", SiloStatus status = SiloStatus.Active) => _namesakes.Younger(
        Self, "self", [new ClusterMember(Self, SiloStatus.Active, "self"), new ClusterMember(other, status, name)],
        new TableCopy(5, ImmutableDictionary<string, string>.Empty.Add(other.ToString(), row)));

    private static SiloAddress Address(int generation) => SiloAddress.New(IPAddress.Loopback, 11_000 + generation, generation);
}
