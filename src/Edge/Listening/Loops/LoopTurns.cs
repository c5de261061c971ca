using System.IO.Pipelines;

namespace Granary.Edge.Listening.Loops;

/// <summary>
/// In whose turn the reader of a connection goes on when bytes have come: in the event loop's own while it answers from what is at hand, else in the thread pool's. A feature of the connection, absent elsewhere.
/// </summary>
internal sealed class LoopTurns : PipeScheduler
{
    private volatile bool _inLoop;

    /// <summary>False at first: what reads the beginning of a connection may do anything.</summary>
    public bool InLoop
    {
        get => _inLoop;
        set => _inLoop = value;
    }

    /// <summary>Does what may take longer in the thread pool's turns, where a loop is in its own.</summary>
    public static Task Outside<T>(HttpContext context, T with, Func<HttpContext, T, Task> action) =>
        context.Features.Get<LoopTurns>() is { InLoop: true } turns ? turns.Outside(() => action(context, with)) : action(context, with);

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_inLoop) action(state);
        else System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
    }

    private async Task Outside(Func<Task> action)
    {
        InLoop = false;
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await action();
        }
        finally
        {
            InLoop = true; // the next request is read
        }
    }
}
