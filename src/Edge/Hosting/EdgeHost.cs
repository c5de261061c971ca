using System.Text;
using Granary.Edge.Access;
using Granary.Edge.AccessLog;
using Granary.Edge.Admin;
using Granary.Edge.Configuration;
using Granary.Edge.Dashboard;
using Granary.Edge.Delivery;
using Granary.Edge.Delivery.Hits;
using Granary.Edge.Errors;
using Granary.Edge.Inspection;
using Granary.Edge.Layer4;
using Granary.Edge.Listening;
using Granary.Edge.Listening.Loops;
using Granary.Edge.Listening.Tls;
using Granary.Edge.Maintenance;
using Granary.Edge.Owners;
using Granary.Edge.Pac;
using Granary.Edge.Pass;
using Granary.Edge.Policy;
using Granary.Edge.Presenting;
using Granary.Edge.ProxyProtocol;
using Granary.Edge.Purging;
using Granary.Edge.Redirects;
using Granary.Edge.Routing;
using Granary.Edge.Tracing;
using Granary.Edge.Tunnels;
using Granary.Edge.Users;
using Granary.Semantics.Framing;
using Granary.Silo.Admin;
using Granary.Silo.Admin.Explaining;
using Granary.Silo.Admin.Purging;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Granary.Silo.Logging;
using Granary.Silo.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Hosting;

/// <summary>Puts an edge together: valid settings in, a web application that can be started out.</summary>
public static class EdgeHost
{
    /// <summary>What cannot stand in YARP's section and in the files of users, all at once.</summary>
    public static IEnumerable<ConfigurationMistake> MistakesInRoutes(IConfiguration configuration) => RouteMistakes.In(configuration).Concat(UserMistakes.In(configuration));

    /// <param name="configure">The last word, for tests and for those who embed an edge.</param>
    public static WebApplication Build(ConfigurationOutcome.Valid valid, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        // Never Development: its error page would show clients our exceptions.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(valid.Configuration);
        builder.AddProcessLogging();
        builder.Logging.BoundLines(clock);
        builder.WebHost.UseKestrelHttpsConfiguration();
        var grains = GrainSettingsReading.Of(valid.Settings, () => valid.Source.Current);
        builder.Services.AddOwners(valid, grains, clock);
        AddEdge(builder.Services, valid);
        builder.Services.AddLayer4(valid.Source, clock).AddTls(valid.Source, clock);
        builder.Services.AddAccessLog(valid.Source, clock);
        builder.Services.AddTunnels(valid.Source, clock).AddInspection(valid.Source, clock);
        builder.WebHost.UseSockets(sockets => sockets.Backlog = 4096); // a crowd that comes at once is not sent away for a second (SYN retry)
        builder.Services.AddEventLoops(valid.Settings.Client, clock);
        builder.WebHost.UseHttp3(valid.Settings);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, valid.Settings, clock));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapAdmin([
            PurgeEndpoint.Route, ExplainEndpoint.Route, PrefetchEndpoint.Route, .. DashboardServices.Routes, .. MaintenanceSwitch.Routes, .. PolicyEndpoints.Routes, .. AuthorityFiles.Routes,
        ]);
        app.Services.GetRequiredService<Readiness>().Note("maintenance", () => app.Services.GetRequiredService<MaintenanceMode>().IsOn ? "on" : null);
        app.UseLoopTurns();
        app.UseTracing(valid.Settings);
        app.UseAccessLog();
        if (valid.Settings.Origin is null) app.UseInspectedTunnels().UseForwardStreams();
        app.UseTrustedClients();
        app.UseTlsRules();
        app.UseRedirects();
        app.UsePrefetching();
        if (valid.Settings.Origin is null) app.UseAuthorityFiles().UseProxyScripts();
        if (valid.Settings.Origin is null) app.UseTunnelStreams().UseRoutes();
        app.Run(app.Services.GetRequiredService<ProxyHandler>().Handle);
        return app;
    }

    private static void AddEdge(IServiceCollection services, ConfigurationOutcome.Valid valid)
    {
        var settings = valid.Settings;
        services.AddHttpForwarder();
        services.AddAdmin(valid.Source).AddPurging<EdgePurging>(valid.Source).AddExplaining<EdgeExplaining>().AddPrefetching();
        if (settings.Origin is null) services.AddRoutes(valid.Configuration);
        services.AddProxy(valid);
        services.AddDashboard();
        services.AddTracing(settings);
        services.AddSingleton<IConnectionListenerFactory, HandOffListenerFactory>().AddSingleton<HandOff>();
        services.AddHostedService(static provider => provider.GetRequiredService<PolicyInForce>());
        services.AddHostedService<EdgeLife>();
    }

    private static void Configure(KestrelServerOptions kestrel, GranarySettings settings, TimeProvider clock)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = settings.Origin is null; // a stream of HTTP/2 names the scheme of its target: ForwardStream
        kestrel.AllowHostHeaderOverride = true; // RFC 9112 §3.2.2: with absolute-form, Host is what the target says
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.Limits.Apply(settings.Client);
        kestrel.Limits.MaxRequestHeaderCount = FramingLimits.Default.Fields;

        var handOff = kestrel.ApplicationServices.GetRequiredService<HandOff>();
        var limits = new StrictHttp1Options { Limits = FramingLimits.Default with { HeadBytes = (int)settings.Client.MaxRequestHeadSize } };
        var repeating = limits with { Repeats = kestrel.ApplicationServices.GetRequiredService<RepeatedHits>(), Idle = settings.Client.IdleTimeout };
        foreach (var address in settings.Listen)
            kestrel.Listen(address, options =>
            {
                if (!address.IsHttps) options.UseHttp2PriorKnowledge(handOff, settings.Client.HeadTimeout, clock);
                options.UseTunnels(settings, clock);
                options.UseStrictHttp1(repeating);
            }, before: options =>
            {
                if (address.IsHttps && Http3.IsOn(settings)) options.Protocols = HttpProtocols.Http1AndHttp2AndHttp3;
                if (!address.IsHttps) options.UseEventLoops();
                ListenerMark.PutOn(options, address);
                options.UseProxyProtocol(settings.Client, clock);
            }, settings.Tls, asksClients: true);
        kestrel.ListenLayer4();
        kestrel.Listen(settings.Admin.Listen, options => options.UseAdmin().UseStrictHttp1(limits), tls: settings.Tls);
        kestrel.Listen(handOff.EndPoint, options => options.Protocols = HttpProtocols.Http2);
        if (settings.Origin is null) kestrel.ListenInTunnels(limits);
    }
}
