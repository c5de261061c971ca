using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Edge.Pass;
using Granary.Edge.Purging;
using Granary.Edge.Rules.Limits;
using Granary.Grains.Origin;
using Granary.Silo.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Granary.Edge.Routing;

/// <summary>Routing by YARP, with the cache in its pipeline.</summary>
internal static class RoutingServices
{
    private const string Section = "ReverseProxy";

    /// <summary>YARP, with its own configuration as it is.</summary>
    public static IServiceCollection AddRoutes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddReverseProxy().LoadFromConfig(configuration.GetSection(Section)).AddConfigFilter<RateLimitFilter>();
        services.AddRequestTimeouts();
        services.AddRateLimiter(static _ => { }); // YARP asks for it; limits are ours (decision 0015), so it is not in the pipeline
        return services.AddOurWayToOrigins();
    }

    /// <summary>What YARP passes goes our way to origins and back.</summary>
    public static IServiceCollection AddOurWayToOrigins(this IServiceCollection services)
    {
        services.AddSingleton<IForwarderHttpClientFactory, OriginConnections>();
        services.AddSingleton<DestinationMeter>();
        RoutedForwarder.Wrap(services);
        return services;
    }

    /// <param name="origin">The one origin of all requests, in place of YARP's routes.</param>
    /// <param name="stripped">Query parameters that are no part of the target URI.</param>
    public static IServiceCollection AddRouter(this IServiceCollection services, Uri? origin, Func<ImmutableArray<string>> stripped) => services
        .AddSingleton(provider => new RouteTable(provider, provider.GetServices<ITransformProvider>(), stripped))
        .AddSingleton(provider => new CacheKeys(origin is null ? provider.GetRequiredService<RouteTable>() : null))
        .AddSingleton(static provider => new Preferences(provider.GetServices<ILoadBalancingPolicy>(), provider.GetRequiredService<Func<FetchOptions>>()))
        .AddSingleton<FetchedHealth>()
        .AddSingleton(provider => new Router(origin?.AbsoluteUri.TrimEnd('/'), stripped, provider.GetRequiredService<Preferences>()));

    /// <summary>Before anything that asks for the scheme or whose site it is.</summary>
    public static void UseForwardStreams(this IApplicationBuilder app)
    {
        IProxyConfigProvider[] routes = [.. app.ApplicationServices.GetServices<IProxyConfigProvider>()];
        var settings = app.ApplicationServices.GetRequiredService<SettingsSource>();
        bool HasSites() => !settings.Current.Redirects.IsEmpty || Array.Exists(routes, static provider => provider.GetConfig().Routes.Count > 0);
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            ForwardStream.Mark(context, HasSites);
            return next(context);
        });
    }

    /// <summary>What a route takes ends here; the rest goes on, as forward requests do.</summary>
    public static void UseRoutes(this IApplicationBuilder app)
    {
        var handler = app.ApplicationServices.GetRequiredService<ProxyHandler>();
        app.MapWhen(PurgeRequests.IsPurge, purge => purge.Run(handler.Purge));
        app.UseRouting();
        app.UseCors();
        app.UseAuthorization();
        app.UseRequestTimeouts();
        app.UseEndpoints(static routes => routes.MapReverseProxy(static proxy => proxy.UseCache().UseSessionAffinity().UseLoadBalancing().UsePassiveHealthChecks()));
    }

    /// <summary>The cache, before anything that looks for a destination.</summary>
    public static IReverseProxyApplicationBuilder UseCache(this IReverseProxyApplicationBuilder proxy)
    {
        var handler = proxy.ApplicationServices.GetRequiredService<ProxyHandler>();
        proxy.ApplicationServices.GetRequiredService<DestinationMeter>(); // it measures from now on
        proxy.Use((HttpContext context, RequestDelegate next) => handler.Handle(context, next));
        return proxy;
    }
}
