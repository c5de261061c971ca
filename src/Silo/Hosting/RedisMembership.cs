using Granary.Silo.Configuration;
using Orleans.Clustering.Redis;
using Orleans.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>The membership table in Redis, and which one it is: the same for silos and for the edges that look for gateways in it.</summary>
public static class RedisMembership
{
    public static IServiceCollection AddRedisMembership(this IServiceCollection services, ClusterSettings cluster)
    {
        services.AddSingleton(new Redis(cluster.Redis!));
        services.AddOptions<RedisClusteringOptions>().Configure<Redis>((options, redis) =>
        {
            options.ConfigurationOptions = new(); // required, and not used: the connection is ours
            options.CreateMultiplexer = async _ => (await redis.Connection, IsShared: true);
        });
        services.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = cluster.Id);
        return services;
    }
}
