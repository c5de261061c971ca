using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Grains.Tests.Fences;
using Granary.Grains.Tests.Origin.Wire;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Granary.Grains.Tests.Copies;

/// <summary>Several silos in one process, without Orleans: each has its own store and all that a silo has, and calls the others directly.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly List<Silo> _made = [];

    public Cluster(params string[] names)
    {
        foreach (var name in names) Joins(name);
        Passes(new LeaseOptions().Duration); // the first knew nobody who could say what was before
    }

    public MetClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    public ScriptedOrigin Origin { get; } = new();

    public ImmutableArray<Silo> Members { get; private set; } = [];

    /// <summary>Who was a member.</summary>
    public ImmutableHashSet<SiloAddress> Gone { get; private set; } = [];

    /// <summary>Of the table.</summary>
    public long Version { get; private set; }

    /// <summary>Who gives no answer: calls fail as Orleans says it, contents break.</summary>
    public HashSet<Silo> Dead { get; } = [];

    /// <summary>Calls of these do not come back until they are out of it.</summary>
    public ImmutableDictionary<Silo, TaskCompletionSource> Frozen { get; private set; } = ImmutableDictionary<Silo, TaskCompletionSource>.Empty;

    /// <summary>Calls from the one do not come to the other.</summary>
    public HashSet<(Silo From, Silo To)> Cut { get; } = [];

    /// <summary>Fences and members as Redis has them.</summary>
    public SharedFences Redis { get; } = new();

    /// <summary>Met by all that silos ask each other: the name of the step, and what to wait for before it.</summary>
    public Func<Step, Task> Meets { get; set; } = static _ => Task.CompletedTask;

    public CopyOptions Options { get; set; } = new();

    public Silo this[string name] => Members.Single(silo => silo.Name == name);

    public Silo Joins(string name, long memory = 8 << 20, bool knowsGroups = true)
    {
        var silo = new Silo(this, name, 11_000 + _made.Count, memory);
        _made.Add(silo);
        Members = Members.Add(silo);
        Version++;
        if (knowsGroups) silo.LearnsGroups().GetAwaiter().GetResult();
        silo.The<Departures>().Learn().GetAwaiter().GetResult();
        return silo;
    }

    public void Leaves(Silo silo)
    {
        Members = Members.Remove(silo);
        Gone = Gone.Add(silo.Fellow.Address);
        Version++;
    }

    public void Passes(TimeSpan span) => Clock.Advance(span);

    public void Freezes(Silo silo) => Frozen = Frozen.Add(silo, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <param name="hears">What was called meanwhile comes to it now; else those calls are lost.</param>
    public void Thaws(Silo silo, bool hears = false)
    {
        var frozen = Frozen[silo];
        Frozen = Frozen.Remove(silo);
        if (hears) frozen.SetResult();
        else frozen.SetException(new SiloUnavailableException());
    }

    /// <summary>The silos by rank for the URI: the owner, its stand-in, and so on.</summary>
    public Silo[] Ranked(string uri) => Rendezvous.Rank(uri, Members, static silo => silo.Name);

    public void Dispose()
    {
        foreach (var silo in _made) silo.Dispose();
        Origin.Dispose();
    }
}

/// <summary>A test may step in whenever something looks at the time: between any two steps that do.</summary>
internal sealed class MetClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public Action? Meets { get; set; }

    public override long GetTimestamp()
    {
        Meets?.Invoke();
        return base.GetTimestamp();
    }
}

/// <summary>Something that silos do to each other: "TakeCopy at b", "TakeCopy done at b".</summary>
internal sealed record Step(string What, Silo At);
