namespace Granary.Edge.Admin;

/// <summary>What <c>POST /prefetch</c> needs.</summary>
internal static class PrefetchServices
{
    public static IServiceCollection AddPrefetching(this IServiceCollection services) => services.AddSingleton<Prefetching>().AddSingleton<PrefetchEndpoint>();

    /// <summary>What comes after this in the pipeline answers prefetches as well.</summary>
    public static void UsePrefetching(this IApplicationBuilder app) => app.Use(next =>
    {
        app.ApplicationServices.GetRequiredService<Prefetching>().Pipeline = next;
        return next;
    });
}
