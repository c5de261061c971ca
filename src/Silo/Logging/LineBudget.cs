namespace Granary.Silo.Logging;

/// <summary>So many lines in a second of one kind; what is beyond is counted, and the count told with the next line that is let through.</summary>
internal sealed class LineBudget(int linesPerSecond, TimeProvider clock)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _since = clock.GetTimestamp();
    private int _lines;
    private long _leftOut;

    /// <param name="leftOut">How many were not let through since the last one that was.</param>
    public bool LetsThrough(out long leftOut)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_since) >= Second) (_since, _lines) = (clock.GetTimestamp(), 0);
            leftOut = 0;
            if (_lines < linesPerSecond)
            {
                _lines++;
                (leftOut, _leftOut) = (_leftOut, 0);
                return true;
            }

            _leftOut++;
            return false;
        }
    }
}
