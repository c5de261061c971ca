using System.Diagnostics.Metrics;
using Granary.Edge.Routing;
using Granary.Edge.Rules.Compression;
using Granary.Edge.Rules.Limits;
using Granary.Silo.Configuration;

namespace Granary.Edge.Rules;

/// <summary>What an operator has decided about requests and responses, beside the cache.</summary>
internal static class RuleServices
{
    public static IServiceCollection AddRules(this IServiceCollection services, ConfigurationOutcome.Valid valid) => services
        .AddSingleton(provider => new RateLimits(() => valid.Source.Current.RateLimits, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>()))
        .AddSingleton(new ContentLimits(() => valid.Source.Current.Client))
        .AddSingleton(provider => CompressionMeter.Of(new CompressedForms(() => valid.Source.Current.Compression.MemoryLimit), provider.GetRequiredService<IMeterFactory>()))
        .AddSingleton(provider => new Compressing(
            provider.GetRequiredService<RouteTable>(), valid.Settings.Origin is not null, () => valid.Source.Current.Compression, provider.GetRequiredService<CompressedForms>()));
}
