using System.Collections.Concurrent;
using System.Globalization;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// Kills, stops and ends one process after another, each followed by a new one in its place, with pauses between. Its choices follow from a seed. There is always another silo that is ready,
/// and another edge.
/// </summary>
internal sealed class Saboteur(Places places, History history, Random random)
{
    private readonly Queue<(Fault Fault, bool IsEdge)> _deck = new();
    private int _turns;
    private volatile bool _isAtWork;

    private enum Fault
    {
        Kill,
        Freeze,
        End,
    }

    /// <summary>What it did and when, by the clock of the history.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Changes whenever it begins or is done.</summary>
    public int Turns => Volatile.Read(ref _turns);

    /// <summary>Somebody is not there, or not ready.</summary>
    public bool IsAtWork => _isAtWork;

    public int Faults => Turns / 2;

    /// <summary>One fault, from its beginning until all is as before.</summary>
    public async Task Strikes(TimeSpan longestFreeze)
    {
        if (_deck.Count == 0) Shuffles();
        var (fault, isEdge) = _deck.Dequeue();
        var place = random.Next(isEdge ? places.Edges : places.Silos);
        var freeze = TimeSpan.FromSeconds(1 + random.NextDouble() * (longestFreeze.TotalSeconds - 1));
        await Deadline.Until(async () => await places.ReadySilos() == places.Silos, static () => "Not all silos are ready.");
        (_isAtWork, _turns) = (true, _turns + 1);
        await (fault == Fault.Freeze ? Freezes(place, isEdge, freeze) : Replaces(place, isEdge, inOrder: fault == Fault.End));
        (_isAtWork, _turns) = (false, _turns + 1);
    }

    // Every fault comes once before any comes twice; first an edge that holds copies and hears nothing.
    private void Shuffles()
    {
        (Fault, bool)[] cards = [.. Enum.GetValues<Fault>().SelectMany(static fault => new[] { (fault, true), (fault, false) })];
        random.Shuffle(cards);
        foreach (var card in cards.OrderByDescending(static card => card == (Fault.Freeze, true))) _deck.Enqueue(card);
    }

    private async Task Replaces(int place, bool isEdge, bool inOrder)
    {
        var name = places.Silo(isEdge ? 0 : place)!.Name;
        Says(place, isEdge, inOrder ? "is told to end" : "is killed");
        await places.Leaves(place, isEdge, inOrder);
        Says(place, isEdge, "is gone");
        await Wait.For(TimeSpan.FromSeconds(random.NextDouble() * 2));
        await places.Returns(place, isEdge, name);
        Says(place, isEdge, "is back");
    }

    private async Task Freezes(int place, bool isEdge, TimeSpan span)
    {
        var process = isEdge ? places.Edge(place)!.Process : places.Silo(place)!.Process;
        Says(place, isEdge, string.Create(CultureInfo.InvariantCulture, $"is stopped for {span.TotalSeconds:F1} s"));
        process.IsPaused();
        await Wait.For(span);
        process.IsResumed();
        Says(place, isEdge, "goes on");
        if (!isEdge) await Settles(place, span);
    }

    // A silo that was stopped for long finds out whether it is still a member, or ends itself; then a supervisor would start it again.
    private async Task Settles(int place, TimeSpan away)
    {
        var silo = places.Silo(place)!;
        var isLong = away > TimeSpan.FromSeconds(2.5);
        await Deadline.Until(
            async () => !silo.Process.IsRunning || ((!isLong || silo.Process.Count("is still a member") > 0) && await silo.Health.Readiness() == "ready"),
            () => $"A silo that was stopped neither ends nor goes on:\n{silo.Process.Output}");
        if (silo.Process.IsRunning) return;
        Says(place, false, "has ended itself");
        await places.Leaves(place, isEdge: false, inOrder: false);
        await places.Returns(place, isEdge: false, silo.Name);
        Says(place, false, "is back");
    }

    private void Says(int place, bool isEdge, string what) =>
        Log.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{history.Seconds,8:F3} s  {(isEdge ? "edge" : "silo")} {place} {what}"));
}
