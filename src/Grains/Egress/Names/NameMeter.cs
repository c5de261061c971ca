using System.Diagnostics.Metrics;
using System.Net.Sockets;

namespace Granary.Grains.Egress.Names;

/// <summary>Name resolution in numbers.</summary>
public sealed class NameMeter
{
    private readonly Counter<long> _given;
    private readonly Histogram<double> _lookups;

    public NameMeter(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("Granary.Egress");
        _given = meter.CreateCounter<long>("granary.names.asked", "{question}", "Names whose addresses were wanted, by where these came from (source) and whether there were any (found).");
        _lookups = meter.CreateHistogram<double>("granary.names.lookup.duration", "s", "How long the resolver took, by what came of it (outcome): found, missing, timeout.");
    }

    internal void Gave(NameSource source, bool found) => _given.Add(1, new KeyValuePair<string, object?>("source", Word(source)), new KeyValuePair<string, object?>("found", found));

    internal void LookedUp(Found found, TimeSpan after) =>
        _lookups.Record(after.TotalSeconds, new KeyValuePair<string, object?>("outcome", found switch
        {
            { Addresses: not null } => "found",
            { Error: SocketError.TimedOut } => "timeout",
            _ => "missing",
        }));

    private static string Word(NameSource source) => source switch
    {
        NameSource.Cache => "cache",
        NameSource.Stale => "stale",
        _ => "resolver",
    };
}

/// <summary>Where addresses came from.</summary>
internal enum NameSource
{
    Resolver,
    Cache,
    Stale,
}
