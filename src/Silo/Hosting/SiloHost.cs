using System.Net;
using Granary.Grains.Copies;
using Granary.Grains.Hosting;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Silo.Admin;
using Granary.Silo.Admin.Explaining;
using Granary.Silo.Admin.Purging;
using Granary.Silo.Configuration;
using Granary.Silo.Content;
using Granary.Silo.Drain;
using Granary.Silo.Logging;
using Granary.Silo.Membership;
using Granary.Silo.Membership.Tls;
using Granary.Silo.Tls;
using Orleans.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>Puts a silo of its own together: valid settings in, a web application that can be started out.</summary>
public static class SiloHost
{
    // Beyond the time for draining: Orleans' own leaving, and connections that are being finished.
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(20);

    /// <summary>What a silo of its own cannot start with.</summary>
    public static ConfigurationOutcome.Mistaken? WhyNot(GranarySettings settings) => settings.Cluster.Redis is null
        ? new([new("Granary:Cluster:Redis", null, "host:port: a silo of its own needs the Redis of its cluster (--redis); src/Edge without it has a silo inside")])
        : null;

    /// <param name="configure">The last word, for tests and for those who embed a silo.</param>
    public static WebApplication Build(ConfigurationOutcome.Valid valid, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(valid.Configuration);
        builder.AddProcessLogging();
        builder.Logging.BoundLines(clock);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = valid.Settings.Cluster.DrainTimeout + LeavingTime);
        builder.Services.AddSingleton(valid.Source).AddTls(valid.Source, clock);
        builder.Services.AddAdmin(valid.Source).AddPurging<SiloPurging>(valid.Source).AddExplaining<SiloExplaining>();
        builder.Services.AddGranaryGrains(GrainSettingsReading.Of(valid.Settings, () => valid.Source.Current), clock);
        AddSilo(builder, valid, clock);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // After the content port: SiloLife tells them apart by that.
            kestrel.Listen(valid.Settings.Admin.Listen, options => options.UseAdmin(), tls: valid.Settings.Tls);
        });
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapAdmin(PurgeEndpoint.Route, ExplainEndpoint.Route);
        app.UseContentPort(MemberCallRoute.Route);
        return app;
    }

    private static void AddSilo(WebApplicationBuilder builder, ConfigurationOutcome.Valid valid, TimeProvider clock)
    {
        var settings = valid.Settings;
        var endPoints = SiloEndPoints.Take(settings.Cluster);
        var certificates = MemberCertificates.Of(settings.Cluster.Tls, clock);
        builder.Services.AddSingleton(endPoints).AddSingleton<Draining>();
        builder.Services.AddSingleton(StartedByUs.Take(builder.Services, () => builder.Host.UseOrleans(silo => Configure(silo, settings, endPoints, certificates, clock))));
        builder.AddContentPort(endPoints.Advertised, settings.Cluster.ContentPort, () => valid.Source.Current.Cluster.InlineContent, configure: port => certificates?.Apply(port), listened: endPoints.Listened);
        builder.Services.AddSingleton(services => new DrainStep(
            "handing over", async cancellation => await services.GetRequiredService<HandOver>().Run(valid.Source.Current.Cluster.DrainTimeout, cancellation)));
        builder.Services.AddSingleton(services => new DrainStep("ending leases", services.GetRequiredService<LeaseEnding>().Run)); // last: till then edges need not ask
        builder.Services.AddHostedService<SiloLife>();
    }

    private static void Configure(ISiloBuilder silo, GranarySettings settings, SiloEndPoints endPoints, MemberCertificates? certificates, TimeProvider clock)
    {
        silo.Services.AddRedisMembership(settings.Cluster);
        silo.UseRedisClustering(static _ => { });
        silo.HostGrains(clock);
        silo.KeepMembership();
        if (certificates is not null) silo.Secure(certificates, clock).Services.AddSingleton(new MemberTls(certificates.ForClient()));
        silo.AddGranaryMember(services => new Identity(settings.Cluster.Name, () => services.GetRequiredService<ContentEndpoint>().Current ?? ""));
        endPoints.Ports.GiveTo(silo.Services);
        // An invalidation may wait for silos to be found dead, and for leases after that.
        var longest = TimeSpan.FromSeconds(20) + settings.Leases.Duration * 2;
        silo.Configure<SiloMessagingOptions>(messaging => (messaging.ResponseTimeout, messaging.SystemResponseTimeout) = (longest, longest));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Cluster.Name);
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = endPoints.Advertised;
            options.SiloPort = endPoints.SiloPort;
            options.GatewayPort = endPoints.GatewayPort;
            options.SiloListeningEndpoint = new IPEndPoint(endPoints.Listened, endPoints.SiloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(endPoints.Listened, endPoints.GatewayPort);
        });
    }
}
