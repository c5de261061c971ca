using System.Collections.Immutable;
using Granary.Grains.Groups;

namespace Granary.Grains.Leases;

/// <summary>
/// Takes back from the edges what this silo granted. After something has been applied here: then nothing of before is granted any more, so those listed by then are all that hold it.
/// Never fails and takes one <see cref="LeaseOptions.Duration"/> at most, whatever edges do.
/// </summary>
internal sealed class Recalls(Sessions sessions, LeaseOptions options, LeaseMeter meter, TimeProvider clock, ILogger<Recalls> logger)
{
    /// <summary>It takes no longer, in this silo or another.</summary>
    public TimeSpan Longest => options.AreOn ? options.Duration : TimeSpan.Zero;

    /// <summary>Done when no edge reuses anything of the URI that was granted before.</summary>
    public Task Recall(string uri)
    {
        var holders = sessions.Holdings.Of(uri);
        return holders.Length == 0 ? Task.CompletedTask : Wait("uri", [.. holders.Select(session => session.Recall([uri]))]);
    }

    /// <summary>The same for several URIs: one message for each edge.</summary>
    public Task Recall(ImmutableArray<string> uris)
    {
        if (uris is [var one]) return Recall(one);
        var held = new Dictionary<Session, List<string>>();
        foreach (var uri in uris)
            foreach (var session in sessions.Holdings.Of(uri))
            {
                if (!held.TryGetValue(session, out var those)) held[session] = those = [];
                those.Add(uri);
            }

        return held.Count == 0 ? Task.CompletedTask : Wait("uri", [.. held.Select(static pair => pair.Key.Recall(pair.Value))]);
    }

    /// <summary>The same for what has a number.</summary>
    public Task Recall(Scope scope, bool isSoft, long number)
    {
        var living = sessions.Living;
        if (living.IsEmpty) return Task.CompletedTask;
        var recall = new Recall.Numbered(scope, isSoft, number);
        return Wait("number", [.. living.Select(session => session.Recall(recall))]);
    }

    /// <summary>There is something newer of the URI. Holders are told, and nobody waits. On the way of everything that is stored: one look-up when nobody holds it.</summary>
    public void Supersede(string uri)
    {
        if (sessions.Holdings.IsEmpty) return;
        foreach (var session in sessions.Holdings.Of(uri))
        {
            session.Tell(uri);
            meter.Recalled("superseded");
        }
    }

    private async Task Wait(string kind, ImmutableArray<Receipt?> receipts)
    {
        var began = clock.GetTimestamp();
        var isAny = false;
        foreach (var receipt in receipts)
        {
            if (receipt is null) continue;
            isAny = true;
            meter.Recalled(kind);
            if (await receipt.Wait(clock)) continue; // the others' time goes on meanwhile
            meter.NotAcknowledged();
            logger.EdgeDidNotAcknowledge(receipt.Edge, (long)clock.GetElapsedTime(began).TotalMilliseconds);
        }

        if (isAny) meter.RecallTook(clock.GetElapsedTime(began));
    }
}
