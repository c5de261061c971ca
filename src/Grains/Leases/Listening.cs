using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Members;
using Granary.Grains.Store;

namespace Granary.Grains.Leases;

/// <summary>
/// The line to an edge: (1) take in what it acknowledges and how often it used what it holds  (2) wait until there is something to recall, a second at most  (3) renew its session, and say what is recalled.
/// </summary>
internal sealed class Listening
{
    private const int MostUses = 4096;

    private const int MostName = 256;

    private static readonly MemberReply.Heard None = new(0, 0, [], TimeSpan.Zero);

    private readonly TimeSpan _pulse;
    private readonly Sessions _sessions;
    private readonly LeaseOptions _options;
    private readonly Presence _presence;
    private readonly IFellowship _fellowship;
    private readonly ResponseStore _store;
    private readonly CopyGiving _giving;
    private readonly TimeProvider _clock;

    public Listening(
        Sessions sessions, LeaseOptions options, Presence presence, IFellowship fellowship, ResponseStore store, CopyGiving giving, Recalls recalls, LeaseMeter meter, TimeProvider clock)
    {
        (_sessions, _options, _presence, _fellowship, _store, _giving, _clock) = (sessions, options, presence, fellowship, store, giving, clock);
        _pulse = TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerSecond, options.Duration.Ticks / 4));
        store.Superseded = recalls.Supersede;
        meter.Watch(sessions);
    }

    public async Task<MemberReply> Listen(MemberCall.Listen call, CancellationToken gone)
    {
        if (call.Edge is not { Length: > 0 and <= MostName } || _presence.IsDoubtful) return new MemberReply.Unable();
        Count(call.Uses);
        if (call.IsLast) return GiveUp(call);
        var session = _options.AreOn ? _sessions.OfOrNew(call.Edge) : null;
        if (session is null) return await Nothing(gone);
        if (session.Hear(call.Session, call.Acknowledged) is { } news) await Within(news, gone); // (1), (2)
        gone.ThrowIfCancellationRequested();
        if (_presence.IsDoubtful) return new MemberReply.Unable();
        return session.Answer(_presence.Mandate.Left) is { } heard ? heard with { Silo = _fellowship.Self()?.Address.ToString() } : new MemberReply.Unable(); // (3)
    }

    private MemberReply.Heard GiveUp(MemberCall.Listen last)
    {
        _sessions.GiveUp(last.Edge, last.Session);
        return None;
    }

    // Not at once: the edge need not ask again before.
    private async Task<MemberReply> Nothing(CancellationToken gone)
    {
        await Task.Delay(_pulse, _clock, gone);
        return None;
    }

    private async Task Within(Task news, CancellationToken gone) =>
        await news.WaitAsync(_pulse, _clock, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    // As if they had been hits here: so what edges use is not evicted here, and is copied. Counted as far as the frequency can tell.
    private void Count(ImmutableArray<LeaseUse> uses)
    {
        if (uses.IsDefault) return;
        foreach (var use in uses.AsSpan()[..Math.Min(uses.Length, MostUses)])
            for (var hits = Math.Min(use.Hits, Content.Saturated); hits > 0; hits--)
                if (_store.Find(use.Uri) is [var newest, ..]) _giving.Reused(use.Uri, newest);
    }
}
