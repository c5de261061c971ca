namespace Granary.Edge.Policy.Bandwidth;

/// <summary>
/// So many bytes a second for one client, over all that it is sent at a time. It is kept as the time at which all that was let go is paid for (the generic cell rate algorithm): nothing is counted while nobody asks, and after a rest a tenth of a second's
/// bytes go at once. Who has to wait looks again every 50 ms, so that those who share it get their turns.
/// </summary>
internal sealed class Pace(long bytesPerSecond, TimeProvider clock)
{
    public static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    private const int LeastPiece = 256;

    private readonly double _ticksPerByte = (double)clock.TimestampFrequency / bytesPerSecond;
    private readonly long _credit = clock.TimestampFrequency / 10;
    private readonly Lock _gate = new();
    private double _paidAt = clock.GetTimestamp();

    /// <summary>What goes in one turn.</summary>
    public int Piece { get; } = (int)Math.Clamp(bytesPerSecond / 20, LeastPiece, 1 << 20);

    /// <summary>Nobody has been sent anything lately.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate) return _paidAt <= clock.GetTimestamp();
        }
    }

    /// <summary>Waits until so many bytes may go.</summary>
    public async ValueTask Wait(int bytes, CancellationToken cancellationToken)
    {
        while (!MayGo(bytes)) await Task.Delay(Turn, clock, cancellationToken);
    }

    private bool MayGo(int bytes)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_paidAt - _credit > now) return false;
            _paidAt = Math.Max(_paidAt, now) + (bytes * _ticksPerByte);
            return true;
        }
    }
}
