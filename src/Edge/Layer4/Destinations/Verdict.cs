namespace Granary.Edge.Layer4.Destinations;

/// <summary>Whether a destination is up, as connections and health checks found it. Failures in a row take it out for a time; then one may try it, and one success brings it back.</summary>
/// <param name="failures">So many take it out; 0 for never.</param>
/// <param name="changed">Told each change, one at a time.</param>
internal sealed class Verdict(int failures, TimeSpan outFor, TimeProvider clock, Action<bool> changed)
{
    private readonly Lock _lock = new();
    private volatile int _failed;
    private bool _isOut;
    private long _outSince;

    public bool IsUp
    {
        get
        {
            lock (_lock) return !_isOut;
        }
    }

    /// <summary>True for everybody while it is up; while it is out, for one each time that the time is over.</summary>
    public bool MayBeTried()
    {
        if (_failed == 0) return true;
        lock (_lock)
        {
            if (!_isOut) return true;
            var now = clock.GetTimestamp();
            if (clock.GetElapsedTime(_outSince, now) < outFor) return false;
            _outSince = now;
            return true;
        }
    }

    public void Succeeded()
    {
        if (_failed == 0) return;
        lock (_lock)
        {
            _failed = 0;
            if (!_isOut) return;
            _isOut = false;
            changed(true);
        }
    }

    public void Failed()
    {
        if (failures == 0) return;
        lock (_lock)
        {
            _failed = Math.Min(_failed + 1, failures);
            _outSince = clock.GetTimestamp();
            if (_isOut || _failed < failures) return;
            _isOut = true;
            changed(false);
        }
    }
}
