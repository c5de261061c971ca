using Granary.Silo.Configuration;

namespace Granary.Silo.Admin.Purging;

/// <summary>What <c>POST /purge</c> needs.</summary>
internal static class PurgingServices
{
    public static IServiceCollection AddPurging<T>(this IServiceCollection services, SettingsSource settings)
        where T : class, IPurging => services
            .AddSingleton<IPurging, T>()
            .AddSingleton<RecentPurges>()
            .AddSingleton(services => new PurgeRate(() => settings.Current.Admin.PurgesPerSecond, services.GetRequiredService<TimeProvider>()))
            .AddSingleton<Func<CacheSettings>>(() => settings.Current.Cache)
            .AddSingleton<PurgeEndpoint>();
}
