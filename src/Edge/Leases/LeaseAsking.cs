using System.Collections.Concurrent;
using Granary.Edge.Owners;
using Granary.Grains.Copies;
using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Edge.Leases;

/// <summary>The line to that silo, if there is one.</summary>
internal delegate Line? LineTo(Member silo);

/// <summary>Asks owners for leases, beside all requests: never twice at once for a URI, few at a time, and not again soon after a no.</summary>
internal sealed class LeaseAsking(string edge, Silos silos, LineTo lineTo, ISiloCalls calls, LeasedCopies copies, GrantIntake intake, TimeProvider clock, LeaseMeter meter, ILogger<LeaseAsking> logger)
{
    private const string Taken = "taken";

    private const int Most = 32;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>After a no that soon may be a yes: an edge or a silo that has just come, a recall.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>After a no that will be one for a while.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);
    private readonly Pauses _pauses = new(clock);
    private int _count;

    /// <summary>Asks, unless there is a reason not to.</summary>
    public void Begin(string uri)
    {
        if (_pauses.Has(uri) || _underWay.ContainsKey(uri)) return;
        if (Interlocked.Increment(ref _count) <= Most && _underWay.TryAdd(uri, 0)) _ = Task.Run(() => Conduct(uri));
        else Interlocked.Decrement(ref _count);
    }

    /// <returns>How it ended, in a word.</returns>
    internal async Task<string> Conduct(string uri)
    {
        var outcome = "broken";
        try
        {
            return outcome = await Ask(uri);
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary, and costs hits only
        {
            logger.LeaseBroke(uri, fault);
            return outcome;
        }
        finally
        {
            if (outcome is not Taken) _pauses.Add(uri, PauseAfter(outcome));
            if (outcome is Taken) meter.Granted();
            else meter.Refused(outcome);
            logger.LeaseAsked(uri, outcome);
            _underWay.TryRemove(uri, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    // What is read of the recalls comes before the question: an answer is then not older than what they said.
    private async Task<string> Ask(string uri)
    {
        if (silos.Ranked(uri) is not [var owner, ..] || lineTo(owner)?.Session is not { } session || !session.Lasts(clock.GetTimestamp())) return "no-session";
        var recalls = copies.RecallsOf(uri);
        var asked = clock.GetTimestamp();
        var call = new MemberCall.Lease(edge, session.Number, uri, [.. copies.Store.PeekWhole(uri).Where(IsWhole).Select(static own => own.Source).OfType<CopySource>()]);
        return await calls.Ask(owner, call, Deadline, CancellationToken.None) switch
        {
            MemberReply.Leased grant => await intake.Take(uri, session, grant, asked, recalls) ?? Taken,
            MemberReply.NotLeased no => no.Why,
            _ => "silent",
        };
    }

    private static TimeSpan PauseAfter(string no) => no switch
    {
        "too-large" or "off" or "too-many" => LongPause,
        "no-session" or "doubt" or "recalled" or "not-owner" or "nothing-fresh" => ShortPause,
        _ => Pause,
    };

    private static bool IsWhole(StoredVariant own) => own.Content is { State: ContentState.Complete, IsRetained: true };
}
