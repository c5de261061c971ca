using System.Diagnostics.Metrics;
using Granary.Edge.Policy.Lists;
using Granary.Edge.Rules.Limits;
using Granary.Grains.Egress;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy;

/// <summary>Brings the access policy into an edge.</summary>
internal static class PolicyServices
{
    public static IServiceCollection AddPolicy(this IServiceCollection services, SettingsSource settings) => services
        .AddSingleton(provider => new PolicyLists(() => settings.Current, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PolicyLists>>()))
        .AddSingleton<PolicyInForce>()
        .AddSingleton<PolicyMeter>()
        .AddSingleton<PolicyTrial>()
        .AddSingleton(provider => new Admission(
            provider.GetRequiredService<PolicyInForce>(), Resolving(settings, provider.GetRequiredService<WayOut>()), provider.GetRequiredService<RateLimits>(), provider.GetRequiredService<PolicyMeter>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Admission>>()));

    /// <summary>As clients of the forward proxy are connected.</summary>
    public static GuardedConnect Resolving(SettingsSource settings, WayOut way) =>
        GuardedConnect.ToAnyDestination(new DestinationPolicy(() => settings.Current.Access.AllowDestinations), () => settings.Current.Fetch.ConnectTimeout, way);
}
