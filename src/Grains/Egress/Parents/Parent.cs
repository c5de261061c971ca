using System.Net;

namespace Granary.Grains.Egress.Parents;

/// <summary>One parent, and whether it is well, as connections found it. Failures in a row leave it out for a time; then one connection may try it, and one success brings it back.</summary>
internal sealed class Parent(ParentGroup group, DnsEndPoint at, TimeProvider clock, ILogger logger)
{
    private readonly Lock _gate = new();
    private int _failed;
    private bool _isOut;
    private long _outSince;

    public DnsEndPoint At => at;

    public string Title => $"{at.Host}:{at.Port}";

    public bool IsOut
    {
        get
        {
            lock (_gate) return _isOut;
        }
    }

    /// <summary>True for everybody while it is well; while it is out, for one each time that the time is over.</summary>
    public bool MayBeTried()
    {
        lock (_gate)
        {
            if (!_isOut) return true;
            if (clock.GetElapsedTime(_outSince) < group.OutFor) return false;
            _outSince = clock.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _failed = 0;
            if (!_isOut) return;
            _isOut = false;
        }

        logger.ParentBack(Title, group.Name);
    }

    public void Failed(string host, string reason)
    {
        logger.ParentFailed(Title, group.Name, host, reason);
        lock (_gate)
        {
            if (_isOut) _outSince = clock.GetTimestamp();
            if (_isOut || group.Failures == 0 || ++_failed < group.Failures) return;
            (_isOut, _outSince) = (true, clock.GetTimestamp());
        }

        logger.ParentOut(Title, group.Name, reason);
    }
}
