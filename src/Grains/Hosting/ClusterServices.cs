using Granary.Grains.Copies;
using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Granary.Grains.Hosting;

/// <summary>What a silo has beside its own things when there are others.</summary>
public static class ClusterServices
{
    /// <summary>After <see cref="GrainServices.AddGranaryGrains"/>.</summary>
    public static ISiloBuilder AddGranaryMember(this ISiloBuilder silo, Func<IServiceProvider, Identity> identity)
    {
        silo.AddGrainService<MemberService>();
        silo.Services.AddSingleton(identity).AddSingleton<StandIn>();
        silo.Services.AddSingleton(static services => new MemberCalls(
            services.GetRequiredService<StandIn>(), services.GetRequiredService<Invalidations>(), services.GetRequiredService<Ledger>(), services.GetRequiredService<MemberDirectory>(),
            services.GetRequiredService<Listening>(), services.GetRequiredService<Granting>(), services.GetRequiredService<Explainer>(), services.GetRequiredService<Reporting>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MemberChanges>();
        silo.Services.Replace(ServiceDescriptor.Singleton<IFellowship, Fellowship>());
        return silo;
    }
}
