using Granary.Edge.Hosting;

namespace Granary.Samples;

/// <summary>What a YARP application looks like with the cache: the two lines that say Granary are new.</summary>
public static class ReverseProxySample
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddGranaryCache(builder.Configuration);

        var app = builder.Build();
        app.MapGet("/about", static () => "This application has endpoints of its own.");
        app.MapReverseProxy(static proxy =>
        {
            proxy.UseGranaryCache();
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
