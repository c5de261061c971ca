using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Silo.Configuration;

namespace Granary.Edge.Layer4;

/// <summary>All listeners of layer 4, and what they share.</summary>
internal sealed class TcpServices
{
    public TcpServices(ImmutableArray<TcpSettings> settings, IMeterFactory meters, ILogger<TcpServices> logger, TimeProvider clock)
    {
        Logger = logger;
        All = [.. settings.Select(one => new TcpService(one, this, clock))];
        Meter = new TcpMeter(meters, All);
    }

    /// <summary>The same listeners in the same order: which there are changes only with a restart.</summary>
    public void Become(ImmutableArray<TcpSettings> settings)
    {
        foreach (var (service, now) in All.Zip(settings)) service.Becomes(now);
    }

    public ImmutableArray<TcpService> All { get; }

    public TcpMeter Meter { get; }

    public ILogger Logger { get; }
}
