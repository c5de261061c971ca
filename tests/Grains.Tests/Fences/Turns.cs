using System.Collections.Concurrent;

namespace Granary.Grains.Tests.Fences;

/// <summary>All that is begun in it goes on in one thread, the test's, one after the other: so it is known when nothing goes on without time.</summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback What, object? State)> _waiting = new();

    public override void Post(SendOrPostCallback d, object? state) => _waiting.Enqueue((d, state));

    /// <summary>Begins something, and goes on until all that has begun waits for time.</summary>
    public T Do<T>(Func<T> what)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var begun = what();
            while (_waiting.TryDequeue(out var next)) next.What(next.State);
            return begun;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
