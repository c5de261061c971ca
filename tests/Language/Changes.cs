using Xunit;

namespace Granary.Language;

/// <summary>Something that changes now and then. Who waits for a state of it looks again at each change, and never in between.</summary>
public sealed class Changes
{
    private TaskCompletionSource _next = New();

    public void Happen() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits until that holds; a hang is said in the words of <paramref name="state"/>.</summary>
    public async Task Until(Func<bool> holds, Func<string> state)
    {
        var patience = Deadline.Over();
        while (true)
        {
            var next = Volatile.Read(ref _next).Task; // before looking: a change in between is not missed
            if (holds()) return;
            if (await Task.WhenAny(next, patience) == patience) Assert.Fail(state());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
