namespace Granary.Scenarios.Consistency;

/// <summary>Where clients look: mostly at what was purged last, since it is there that something stale would show.</summary>
internal sealed class Attention(Resource[] all)
{
    private readonly Resource[] _latest = [.. Enumerable.Range(0, 24).Select(i => all[i % all.Length])];
    private int _next;

    public void Turns(Resource resource) => Volatile.Write(ref _latest[(int)((uint)Interlocked.Increment(ref _next) % (uint)_latest.Length)], resource);

    public Resource Next(Random random) => random.Next(10) < 7 ? Volatile.Read(ref _latest[random.Next(_latest.Length)]) : all[random.Next(all.Length)];
}
