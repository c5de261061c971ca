namespace Granary.Silo.Hosting;

/// <summary>
/// Orleans tells idle activations by the wall clock, and refuses every new activation while that clock stands before its last collection
/// ("The earliest collection that can be scheduled…"): set back by an hour, it would fail every cold URL for an hour. So it is given steady time.
/// </summary>
internal static class ActivationCollection
{
    private const string Collector = "Orleans.Runtime.ActivationCollector";

    /// <summary>Does nothing where Orleans no longer has that type; a test of clock jumps tells.</summary>
    public static IServiceCollection CollectActivationsBySteadyTime(this IServiceCollection services, TimeProvider clock)
    {
        var time = new SteadyTime(clock);
        for (var i = 0; i < services.Count; i++)
            if (services[i] is { IsKeyedService: false, ImplementationType: { FullName: Collector } type } found && found.ServiceType == type)
                services[i] = ServiceDescriptor.Singleton(type, provider => ActivatorUtilities.CreateInstance(provider, type, time));
        return services;
    }
}
