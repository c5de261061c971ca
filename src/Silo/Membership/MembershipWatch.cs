using Granary.Grains.Members;
using Orleans.Runtime;
using StackExchange.Redis;

namespace Granary.Silo.Membership;

/// <summary>
/// Looks at the membership table every other second. Orleans never writes the row of a silo that is active again: when Redis comes back empty, the old silos go on among themselves,
/// new ones found a cluster of their own, and nobody who dies is declared dead. So whoever finds the table gone puts all of it back, at once: a silo that sees
/// a newer version without its row takes itself for dead.
/// </summary>
internal sealed class MembershipWatch(
    TableRows table, IClusterMembershipService members, ILocalSiloDetails self, Presence presence, Heart heart, FenceLooking fences, MemberNews news, IFatalErrorHandler end, TimeProvider clock,
    ILogger<MembershipWatch> logger) : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // Redis may take its time; the next look waits for this one, so never more than one waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Namesakes _namesakes = new();
    private Task _looking = Task.CompletedTask;
    private TableCopy? _copy;
    private bool _isAway;
    private long _written;
    private bool _takesNothing;

    public int MemberCount => members.CurrentSnapshot.Members.Values.Count(member => member.Status is SiloStatus.Active);

    /// <summary>After the silo has joined: the first look is taken before this returns, so there is a copy from now on.</summary>
    public async Task StartAsync()
    {
        await Look();
        heart.Start();
        await fences.Start();
        news.Start();
        _looking = Task.Run(GoOn);
    }

    /// <summary>Before the silo leaves: its row is to go then.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        heart.Stop();
        await fences.Stop();
        news.Stop();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task GoOn()
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) await Look();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is leaving.
        }
    }

    private async Task Look()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            await Judge(await table.Read(either.Token), either.Token);
            if (_isAway) logger.TableIsBack();
            _isAway = false;
        }
        catch (Exception fault) when (!_stopping.IsCancellationRequested)
        {
            if (!_isAway) logger.TableIsAway(fault is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s" : Hosting.GranaryProcess.FirstLine(fault));
            _isAway = true;
        }
    }

    private async Task Judge(TableCopy found, CancellationToken cancellation)
    {
        switch (OwnRows.Judge(_copy ?? found, found, Own))
        {
            case OwnRow.Present:
                await CheckWrites(found, cancellation);
                _copy = found;
                CheckNamesakes(found);
                break;
            case OwnRow.SetBack when presence.WasAway:
                End("the membership table was lost while this silo was away, so nobody can tell whether it is still a member");
                break;
            case OwnRow.SetBack:
                await PutBack(found, cancellation);
                break;
            default:
                End("the cluster goes on without this silo: its row is no longer in the membership table");
                break;
        }
    }

    private async Task PutBack(TableCopy found, CancellationToken cancellation)
    {
        var known = members.CurrentSnapshot;
        // Who has the newest copy goes first: the rows of silos that joined a moment ago are only in that.
        if (known.Version.Value > _copy!.Version && _copy.Version is { } mine)
        {
            _copy = _copy with { Version = Math.Max(mine, known.Version.Value) };
            return;
        }

        var dead = known.Members.Values.Where(member => member.Status is SiloStatus.Dead).Select(member => member.SiloAddress.ToString()).ToHashSet();
        var wanted = _copy.Over(found, known.Version.Value, dead);
        if (!await table.PutBack(found, wanted, cancellation)) return; // somebody else was first; the next look tells
        _copy = wanted;
        logger.TablePutBack(wanted.Rows.Count);
    }

    // Orleans writes the time into the own row every few seconds. Where it stands still, Redis may be one that answers and takes nothing (read-only, out of memory),
    // which a write tells that changes nothing; or Orleans has only not tried again yet.
    private async Task CheckWrites(TableCopy found, CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        if (_copy?.Rows.GetValueOrDefault(Own) != found.Rows[Own])
        {
            if (_takesNothing) logger.TableTakesWrites();
            (_written, _takesNothing) = (now, false);
        }
        else if (!_takesNothing && clock.GetElapsedTime(_written, now) > MembershipTuning.TablePeriod * 3)
        {
            if (await WhyNoWrites(found, cancellation) is not { } why) return;
            _takesNothing = true;
            logger.TableTakesNothing(why);
        }
    }

    private async Task<string?> WhyNoWrites(TableCopy found, CancellationToken cancellation)
    {
        try
        {
            await table.PutBack(found, found with { Rows = found.Rows.Clear() }, cancellation); // the version as it is
            return null;
        }
        catch (RedisServerException refused)
        {
            return Hosting.GranaryProcess.FirstLine(refused);
        }
    }

    private void CheckNamesakes(TableCopy found)
    {
        if (_namesakes.Younger(self.SiloAddress, self.Name, members.CurrentSnapshot.Members.Values, found) is { } elder)
            End($"another silo named {self.Name} is in the cluster, at {elder}: each silo needs a name of its own (--name)");
    }

    private void End(string why) => end.OnFatalException(this, why, null);

    private string Own => self.SiloAddress.ToString();
}
