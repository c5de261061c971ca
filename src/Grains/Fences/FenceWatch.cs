using Granary.Grains.Members;

namespace Granary.Grains.Fences;

/// <summary>
/// Keeps this silo's mandate, once a second: (1) look at Redis  (2) register, if it knows nothing of this life: what was missed before that nobody can tell  (3) apply what was missed, and say so
/// (4) the mandate lasts on from before the look  (5) when the last look is too old, ask the others.
/// </summary>
public sealed class FenceWatch : IDisposable
{
    /// <summary>From one look to the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Old = TimeSpan.FromMilliseconds(1500);

    /// <summary>A look that takes longer says next to nothing any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.8);

    private readonly IFences _fences;
    private readonly FenceKnowledge _knowledge;
    private readonly CatchingUp _catchingUp;
    private readonly Vouching _vouching;
    private readonly Mandate _mandate;
    private readonly TimeProvider _clock;
    private readonly FenceMeter _meter;
    private readonly ILogger<FenceWatch> _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private FenceState? _self;
    private long _registered = long.MinValue;
    private bool _hadMandate = true;

    internal FenceWatch(
        IFences fences, FenceKnowledge knowledge, CatchingUp catchingUp, Vouching vouching, Presence presence, TimeProvider clock, FenceMeter meter, ILogger<FenceWatch> logger) =>
        (_fences, _knowledge, _catchingUp, _vouching, _mandate, _clock, _meter, _logger) = (fences, knowledge, catchingUp, vouching, presence.Mandate, clock, meter, logger);

    /// <summary>One round. Never throws; rounds may overlap, where Redis is slow.</summary>
    /// <param name="silo">This one, as the membership table names it.</param>
    public async Task Look(string silo, CancellationToken cancellationToken)
    {
        var asking = _mandate.SinceLook > Old ? AskOthers(silo) : Task.CompletedTask;     // (5)
        var began = _clock.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Patience, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            var reading = await _fences.Read(either.Token);                               // (1)
            _knowledge.Saw(reading, began);
            if (reading.IsMember(silo)) await Judge(silo, reading, began, either.Token);
            await Forget(reading, either.Token);
        }
        catch (Exception fault) // of whatever kind: it comes from beyond a boundary
        {
            _logger.CannotLook(fault.GetType().Name);
        }

        await asking;
        Tell();
    }

    public void Dispose() => _turn.Dispose();

    private async Task Judge(string silo, FenceReading reading, long began, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (began < _registered) return; // of a life before
            if (_self is not { } self || reading.Of(silo) is not { } found || found.Life != self.Life) await Register(silo, cancellationToken);
            else if (found.Written <= Math.Max(self.Heard, found.Heard) || await CatchUp(silo, found, self, cancellationToken)) _mandate.Extend(began);     // (4)
        }
        finally
        {
            _turn.Release();
        }
    }

    // A look from before the registration says nothing. With a mandate that lasts everything written before it was heard, or its writer finds that it is lost.
    private async Task Register(string silo, CancellationToken cancellationToken)
    {
        var life = new FenceState(Guid.NewGuid().ToString("N")[..12], 0, 0);
        var began = _clock.GetTimestamp();
        if (_self is not null && !_mandate.LastedAt(began)) _catchingUp.ApplyEverything();
        await _fences.Register(silo, life.Life, cancellationToken);                          // (2)
        if (_self is null) _mandate.Begin(began);
        else _mandate.Extend(began);
        (_self, _registered) = (life, began);
        _logger.Registered(life.Life);
    }

    private async Task<bool> CatchUp(string silo, FenceState state, FenceState self, CancellationToken cancellationToken)
    {
        var heard = _catchingUp.Apply(await _fences.Missed(silo, cancellationToken), Math.Max(self.Heard, state.Heard), state.Written); // (3)
        if (!await _fences.Heard(silo, self.Life, heard, cancellationToken)) return false;
        _self = self with { Written = heard, Heard = heard };
        _meter.CaughtUp();
        return true;
    }

    private async Task AskOthers(string silo)
    {
        if (_self is not { } self) return;
        var began = _clock.GetTimestamp();
        var mayCarryOn = _mandate.LastedAt(began);
        var said = await _vouching.Ask(silo, self);
        foreach (var vouch in said)
            if (vouch is { IsKnownOtherwise: false, Age: { } age } && FenceState.Read(vouch.State) is { IsFenced: false } state && state.Life == self.Life)
                _mandate.Extend(began - (long)(age.TotalSeconds * _clock.TimestampFrequency));
        if (mayCarryOn && Array.TrueForAll(said, static vouch => vouch is { IsKnownOtherwise: false })) _mandate.Extend(began);
    }

    private async Task Forget(FenceReading reading, CancellationToken cancellationToken)
    {
        if (reading.Rows is { } rows && reading.States.Keys.Where(silo => !rows.Contains(silo)).ToArray() is { Length: > 0 } gone) await _fences.Remove(gone, cancellationToken);
    }

    private void Tell()
    {
        var has = !_mandate.IsOver;
        if (has == _hadMandate) return;
        _hadMandate = has;
        if (has) _logger.HasMandate();
        else _logger.LostMandate();
    }
}
