using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Silo.Tests.Hosting;

/// <summary>What of <c>Granary:Leases</c> a silo goes by.</summary>
public sealed class LeaseReadingTests
{
    [Fact]
    public void Given_the_defaults_then_a_silo_grants_for_five_seconds_what_is_up_to_a_mebibyte()
    {
        var leases = Of(new LeaseSettings());
        Assert.Equal((true, TimeSpan.FromSeconds(5)), (leases.AreOn, leases.Duration));
    }

    [Fact]
    public void Given_no_memory_for_leased_copies_then_a_silo_grants_none_and_waits_for_none() => Assert.False(Of(new LeaseSettings { MemoryLimit = 0 }).AreOn);

    private static Grains.Leases.LeaseOptions Of(LeaseSettings leases)
    {
        var settings = new GranarySettings { Leases = leases };
        return GrainSettingsReading.Of(settings, () => settings).Leases;
    }
}
