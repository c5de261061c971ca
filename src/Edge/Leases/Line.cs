using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Edge.Owners;
using Granary.Grains.Leases;
using Granary.Grains.Members;

namespace Granary.Edge.Leases;

/// <summary>
/// The line to one silo process (decision 0009): a long poll, one at a time. (1) note the time  (2) ask, with what was heard before and how copies were used  (3) apply what is recalled  (4) renew
/// the session, from (1) on. The next poll acknowledges what was applied. Another session number: the old session is over before anything else happens.
/// </summary>
internal sealed class Line(string edge, Member silo, ISiloCalls calls, LeasedCopies copies, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>A silo with nothing to say answers after about a second.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>No silo may say more: a purge would have to wait for it.</summary>
    private static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(1);

    /// <summary>Of one poll: characters of URIs, so that it stays a small message.</summary>
    private const int MostUses = 1024, MostCharacters = 256 * 1024;

    /// <summary>Waiting to be told; more are not told, and only look less hot.</summary>
    private const int MostWaiting = 16 * MostUses;

    private readonly ConcurrentQueue<Held> _used = new();
    private readonly CancellationTokenSource _stopping = new(); // never disposed: it has no timer, and whoever comes late may still ask it
    private Task _polling = Task.CompletedTask;
    private volatile Session? _session;
    private long _heard;
    private long _lease;
    private long _trustedUntil = long.MinValue / 2; // never yet; and spans since then can be counted
    private bool _wasUp;
    private volatile bool _isMandated;

    public Member Silo => silo;

    /// <summary>Null before there is one.</summary>
    public Session? Session => _session;

    /// <summary>The key of its row in the membership table, once it has said it.</summary>
    public string? Row { get; private set; }

    /// <summary>One lease after this edge last began a reading of the membership table that had the silo as an active one; for ever, where the silo itself sees to it (decision 0012).</summary>
    public long TrustedUntil => _isMandated ? long.MaxValue : Volatile.Read(ref _trustedUntil);

    /// <summary>The silo itself sees to it that nobody relies on it for too long.</summary>
    public bool IsMandated => _isMandated;

    public bool IsUp => _session?.Lasts(clock.GetTimestamp()) == true;

    public void Begin() => _polling = Task.Run(GoOn);

    /// <summary>The membership table, read since then, has it as an active silo.</summary>
    public void IsActive(long readSince) => Volatile.Write(ref _trustedUntil, readSince + Volatile.Read(ref _lease));

    public void Used(Held held)
    {
        if (_used.Count < MostWaiting) _used.Enqueue(held);
    }

    /// <summary>One turn.</summary>
    /// <returns>How long to wait before the next; null: the silo did not answer, or gives no leases.</returns>
    public async Task<TimeSpan?> Poll(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();                                                                                       // (1)
        var call = new MemberCall.Listen(edge, _session?.Number ?? 0, _heard) { Uses = Uses() };
        if (await calls.Ask(silo, call, Deadline, cancellationToken) is not MemberReply.Heard heard) return null;               // (2)
        Hear(heard, began);
        if (heard.Session == 0) return null;
        // What is recalled is acknowledged at once. Else a silo waits by itself; one that does not must not be asked without end.
        return !heard.Recalls.IsDefaultOrEmpty || clock.GetElapsedTime(began) >= ShortestPause ? TimeSpan.Zero : ShortestPause;
    }

    /// <summary>Says at most once each time that it is up, and that it is not any more.</summary>
    public void TellState()
    {
        var isUp = IsUp;
        if (isUp == _wasUp) return;
        _wasUp = isUp;
        if (isUp) logger.SessionBegun(silo.Name);
        else logger.SessionLost(silo.Name);
    }

    /// <summary>Nothing granted over it is reused any more; the silo is told, if it hears it.</summary>
    public async ValueTask DisposeAsync()
    {
        _session?.Over();
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _polling;
        _session?.Over(); // one that began meanwhile
        TellState();
        if (_session is not { } last) return;
        _session = null;
        Task told = calls.Ask(silo, new MemberCall.Listen(edge, last.Number, _heard) { IsLast = true }, LastWord, CancellationToken.None);
        await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task GoOn()
    {
        var pause = ShortestPause;
        while (!_stopping.IsCancellationRequested)
        {
            var next = await TryPoll();
            pause = next is null ? (pause * 2 < LongestPause ? pause * 2 : LongestPause) : ShortestPause;
            if ((next ?? pause) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan?> TryPoll()
    {
        try
        {
            return await Poll(_stopping.Token);
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary, and a line that ended would end all leases
        {
            if (!_stopping.IsCancellationRequested) logger.LineBroke(silo.Name, fault.GetType().Name);
            return null;
        }
    }

    private void Hear(MemberReply.Heard heard, long began)
    {
        if (_session is { } old && old.Number != heard.Session) old.Over();
        if (heard.Session == 0)
        {
            (_session, _heard) = (null, 0);
            return;
        }

        Volatile.Write(ref _lease, LeaseOf(heard));
        _isMandated = heard.IsMandated;
        Row = heard.Silo;
        var end = began + _lease;
        var session = _session is { IsOver: false } same && same.Number == heard.Session ? same : new Session(this, heard.Session, end);
        foreach (var recall in heard.Recalls.IsDefault ? [] : heard.Recalls) copies.Hear(recall, session);                      // (3)
        session.Renew(end);                                                                                                     // (4)
        (_session, _heard) = (session, heard.Last);
    }

    private long LeaseOf(MemberReply.Heard heard)
    {
        var lease = heard.Duration < LongestLease ? heard.Duration : LongestLease;
        return (long)(lease.TotalSeconds * clock.TimestampFrequency);
    }

    private ImmutableArray<LeaseUse> Uses()
    {
        if (_used.IsEmpty) return [];
        var (uses, characters) = (ImmutableArray.CreateBuilder<LeaseUse>(), 0);
        while (uses.Count < MostUses && characters < MostCharacters && _used.TryDequeue(out var held))
        {
            if (held.TakeUses() is not (var hits and > 0)) continue;
            uses.Add(new LeaseUse(held.Uri, hits));
            characters += held.Uri.Length;
        }

        return uses.DrainToImmutable();
    }
}
