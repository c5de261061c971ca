using System.Diagnostics.Metrics;
using Granary.Grains.Copies;
using Granary.Grains.Egress;
using Granary.Grains.Explaining;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Guards;
using Granary.Grains.Placement;
using Granary.Grains.Resources;
using Granary.Grains.Resources.Partial;
using Granary.Grains.Resources.Posts;
using Granary.Grains.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Granary.Grains.Hosting;

/// <summary>What silos and edges have beside grains.</summary>
public static class GrainServices
{
    /// <summary>The way to origins, and the rules by which responses are judged: needed wherever requests are forwarded.</summary>
    public static IServiceCollection AddOrigins(this IServiceCollection services, GrainSettings settings, TimeProvider clock)
    {
        services.TryAddSingleton(MemberTls.None);
        return services
            .AddSingleton(clock)
            .AddSingleton(settings.Fetch)
            .AddSingleton(settings.Resources)
            .AddSingleton(settings.Destinations)
            .AddSingleton(services => new WayOut(settings.Egress, clock, services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<ILoggerFactory>()))
            .AddSingleton<OriginClient>();
    }

    /// <summary>What a silo keeps beside its activations.</summary>
    public static IServiceCollection AddGranaryGrains(this IServiceCollection services, GrainSettings settings, TimeProvider clock)
    {
        services.AddPlacementDirector<RendezvousPlacement, RendezvousDirector>();
        var epochs = new GroupEpochs(clock: clock);
        return services
            .AddOrigins(settings, clock)
            .AddSingleton(new ResponseStore(settings.Store, clock))
            .AddSingleton<FetchesUnderWay>()
            .AddSingleton(ActivationBudget.Of(settings.Store.MemoryBytes))
            .AddSingleton(new PassMemory(clock, () => settings.Resources().PassMemory))
            .AddSingleton(epochs)
            .AddSingleton<Judging>()
            .AddSingleton<Sweeping>()
            .AddSingleton<HeadFreshening>()
            .AddSingleton(new ExpectedPosts(epochs, clock)) // from now on: what was invalidated before this silo was there is not known
            .AddSingleton<PostStoring>()
            .AddSingleton(new RangeMemory(clock, () => settings.Resources().PassMemory))
            .AddSingleton<PartStoring>()
            .AddSingleton<Planning>()
            .AddSingleton<PartialReuse>()
            .AddSingleton<OriginGuards>()
            .AddSingleton<DestinationsInTurn>()
            .AddSingleton<Fetcher>()
            .AddSingleton<Presence>()
            .AddSingleton<DecisionLog>()
            .AddSingleton<SharedTexts>()
            .AddSingleton(static silo => new Explainer(
                silo.GetRequiredService<ResponseStore>(), silo.GetRequiredService<FetchesUnderWay>(), silo.GetRequiredService<PassMemory>(), silo.GetRequiredService<Sessions>(), silo.GetRequiredService<GroupEpochs>(),
                silo.GetRequiredService<DecisionLog>(), silo.GetRequiredService<IFellowship>(), silo.GetRequiredService<Func<ResourceOptions>>(), silo.GetRequiredService<TimeProvider>()))
            .AddSingleton(static silo => new Reporting(
                silo.GetRequiredService<ResponseStore>(), silo.GetRequiredService<FetchesUnderWay>(), silo.GetRequiredService<Sessions>(), silo.GetRequiredService<OriginGuards>(),
                silo.GetRequiredService<Presence>(), silo.GetRequiredService<FenceKnowledge>(), silo.GetRequiredService<TimeProvider>()))
            .AddSingleton<Ownership>()
            .AddSingleton<StoredHits>()
            .AddSingleton<PendingAnswers>()
            .AddSingleton(static services => OutgoingAnswers.Nowhere(services.GetRequiredService<ResponseStore>(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton<Invalidations>()
            .AddSingleton<IFellowship, Alone>()
            .AddSingleton<IFences, NoFences>()
            .AddSingleton<FenceKnowledge>()
            .AddSingleton<FenceMeter>()
            .AddSingleton<MissedWriting>()
            .AddSingleton<Fencing>()
            .AddSingleton<CatchingUp>()
            .AddSingleton<Vouching>()
            .AddSingleton(static silo => new FenceWatch(
                silo.GetRequiredService<IFences>(), silo.GetRequiredService<FenceKnowledge>(), silo.GetRequiredService<CatchingUp>(), silo.GetRequiredService<Vouching>(), silo.GetRequiredService<Presence>(),
                silo.GetRequiredService<TimeProvider>(), silo.GetRequiredService<FenceMeter>(), silo.GetRequiredService<ILogger<FenceWatch>>()))
            .AddSingleton<Telling>()
            .AddSingleton<Ledger>()
            .AddSingleton<MemberDirectory>()
            .AddSingleton(settings.Copies)
            .AddSingleton(settings.Leases)
            .AddSingleton<LeaseMeter>()
            .AddSingleton<Sessions>()
            .AddSingleton<Recalls>()
            .AddSingleton<Departures>()
            .AddSingleton<Listening>()
            .AddSingleton<Granting>()
            .AddSingleton(static silo => new LeaseEnding(
                silo.GetRequiredService<Sessions>(), silo.GetRequiredService<IFellowship>(), silo.GetRequiredService<TimeProvider>(), silo.GetRequiredService<ILogger<LeaseEnding>>()))
            .AddSingleton<IContentPort, ContentPortClient>()
            .AddSingleton<CopiesComingIn>()
            .AddSingleton<GroupsLearning>()
            .AddSingleton<CopyMeter>()
            .AddSingleton<CopyWriting>()
            .AddSingleton<CopyFilling>()
            .AddSingleton<CopyIntake>()
            .AddSingleton<CopyOffering>()
            .AddSingleton<CopyGiving>()
            .AddSingleton<Bringing>()
            .AddSingleton<Rebalancing>()
            .AddSingleton(static silo => new HandOver(
                silo.GetRequiredService<IFellowship>(), silo.GetRequiredService<CopyOffering>(), silo.GetRequiredService<ResponseStore>(), silo.GetRequiredService<TimeProvider>(),
                silo.GetRequiredService<CopyMeter>(), silo.GetRequiredService<ILogger<HandOver>>()))
            .AddHostedService<StoreMeter>()
            .AddHostedService(static silo => silo.GetRequiredService<Reporting>());
    }
}
