using System.Reflection;
using Granary.Grains.Fences;
using Granary.Grains.Leases;
using Granary.Grains.Origin.Guards;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Microsoft.Extensions.Hosting;

namespace Granary.Grains.Members;

/// <summary>Says how this silo is.</summary>
public sealed class Reporting : IHostedService
{
    private const int MostOrigins = 64;

    private readonly ResponseStore _store;
    private readonly FetchesUnderWay _fetches;
    private readonly Sessions _sessions;
    private readonly OriginGuards _guards;
    private readonly Presence _presence;
    private readonly FenceKnowledge _fences;
    private readonly TimeProvider _clock;
    private long _began;

    internal Reporting(ResponseStore store, FetchesUnderWay fetches, Sessions sessions, OriginGuards guards, Presence presence, FenceKnowledge fences, TimeProvider clock)
    {
        (_store, _fetches, _sessions, _guards, _presence, _fences, _clock) = (store, fetches, sessions, guards, presence, fences, clock);
        _began = clock.GetTimestamp();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _began = _clock.GetTimestamp();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Of the programs of this house, as they were built together.</summary>
    public static string Version { get; } = typeof(Reporting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public SiloReport Report()
    {
        var kept = _store.Statistics;
        return new SiloReport(Version, _clock.GetElapsedTime(_began), kept.Bytes, _store.Options.MemoryBytes, kept.Objects)
        {
            Evictions = kept.Evictions,
            Damaged = kept.Damaged,
            Fetches = _fetches.Count,
            Edges = _sessions.Living.Length,
            IsInDoubt = _presence.IsDoubtful,
            Fenced = _fences.Count,
            WorkingSet = Environment.WorkingSet,
            Origins = _guards.Report(MostOrigins),
        };
    }
}
