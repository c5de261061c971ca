namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>So many in each second, counted by one thread at a time.</summary>
internal sealed class UdpRate(int most, TimeProvider clock)
{
    private long _since = clock.GetTimestamp();
    private int _count;

    public bool MayGo()
    {
        if (clock.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1)) (_since, _count) = (clock.GetTimestamp(), 0);
        return ++_count <= most;
    }
}
