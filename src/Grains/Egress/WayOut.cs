using System.Diagnostics.Metrics;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Names;
using Granary.Grains.Egress.Parents;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress;

/// <summary>
/// The one way out of a process, for fetches, what is passed, and tunnels: names that are remembered, the quickest of several addresses, and parents. What may be connected to is not its affair but that of
/// <see cref="GuardedConnect"/>.
/// </summary>
public sealed class WayOut : IDisposable
{
    private readonly NameCache _names;

    /// <param name="options">Parents and source addresses are those of now.</param>
    public WayOut(Func<EgressOptions> options, TimeProvider clock, IMeterFactory meters, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meters);
        var (now, logger) = (options(), loggers.CreateLogger<WayOut>());
        _names = new NameCache(() => options().Names, clock, new NameMeter(meters), loggers.CreateLogger<NameCache>());
        meters.Create("Granary.Egress").CreateObservableGauge("granary.names.known", () => _names.Count, "{name}", "Names whose addresses are remembered.");
        (Clock, From) = (clock, now.From);
        Resolve = _names.Resolve;
        Dialer = new Dialer(() => options().Dialing, Sockets.Connect, clock, logger);
        Parents = now.Parents.IsEmpty ? null : new ParentConnect(new ParentRoads(now.Parents, clock, logger, meters), Resolve, Dialer, now.Pseudonym, logger);
    }

    internal TimeProvider Clock { get; }

    internal SourceAddresses? From { get; }

    internal NameResolver Resolve { get; }

    /// <summary>None of a host's addresses can be connected to: it may have others now.</summary>
    internal void Forget(string host) => _names.Forget(host);

    internal Dialer Dialer { get; }

    /// <summary>Null: there are none.</summary>
    internal ParentConnect? Parents { get; }

    public void Dispose() => _names.Dispose();
}
