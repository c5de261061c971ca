using System.Text;
using Granary.Edge.Routing;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Granary.Edge.Hosting;

/// <summary>The cache for an application that has YARP already: one call beside its services, one in its pipeline.</summary>
public static class GranaryCache
{
    private const string PurgeFrom = "Granary__Access__PurgeFrom", Nobody = "";

    /// <summary>What the application itself decides: where it listens, to whom, and where requests go.</summary>
    private static readonly string[] NotOurs = ["Listen", "Origin", "Admin", "Client", "Tcp", "Users", "AccessLog", "Policy", "Pac", "Inspection", "Tracing"];

    /// <summary>After the routes are loaded. Without <c>Granary:Cluster:Redis</c> the application keeps what is stored itself; with it, it is a stateless edge of that cluster.</summary>
    /// <param name="configuration">Its <c>Granary</c> section says what is to be otherwise than by default.</param>
    /// <exception cref="InvalidOperationException">The section has mistakes; the message has all of them.</exception>
    public static IReverseProxyBuilder AddGranaryCache(this IReverseProxyBuilder proxy, IConfiguration configuration)
    {
        var valid = Read(configuration);
        var services = proxy.Services;
        services.TryAddSingleton<Readiness>();
        services.AddOwners(valid, GrainSettingsReading.Of(valid.Settings, () => valid.Source.Current), TimeProvider.System);
        services.AddProxy(valid);
        services.AddOurWayToOrigins();
        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1; // field values are opaque bytes: RFC 9110 §5.5
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        return proxy.AddConfigFilter<MetadataFilter>();
    }

    /// <summary>First in <c>MapReverseProxy</c>, before affinity and balancing: what is stored needs no destination.</summary>
    public static IReverseProxyApplicationBuilder UseGranaryCache(this IReverseProxyApplicationBuilder proxy) => proxy.UseCache();

    private static ConfigurationOutcome.Valid Read(IConfiguration configuration)
    {
        var granary = configuration.GetSection("Granary");
        if (NotOurs.Where(part => granary.GetSection(part).Exists()).ToArray() is { Length: > 0 } parts)
            throw new InvalidOperationException($"Not read within an application, which has its own: {string.Join(", ", parts.Select(static part => $"Granary:{part}"))}. Remove it.");
        var section = granary.AsEnumerable().Where(static entry => entry.Value is not null).ToDictionary(static entry => entry.Key.Replace(":", "__", StringComparison.Ordinal), static entry => entry.Value);
        section.TryAdd(PurgeFrom, Nobody); // clients may come through another proxy of this machine
        var read = GranaryConfiguration.Read([], section);
        return read as ConfigurationOutcome.Valid ?? throw new InvalidOperationException((read as ConfigurationOutcome.Mistaken)?.Message);
    }
}
