using Granary.Grains.Fences;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>What a silo of a cluster has for its membership, beside Orleans.</summary>
internal static class MembershipServices
{
    public static ISiloBuilder KeepMembership(this ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(MembershipTuning.Apply);
        silo.Services.AddSingleton<IFatalErrorHandler, EndOfSilo>();
        silo.Services.AddSingleton<TableRows>().AddSingleton<Joining>().AddSingleton<MembershipWatch>().AddSingleton<MemberNews>();
        silo.Services.AddSingleton<Heart>().AddSingleton<FenceLooking>();
        silo.Services.Replace(ServiceDescriptor.Singleton<IFences, RedisFences>());
        return silo;
    }
}
