namespace Granary.Language;

/// <summary>How long a test waits for something that must happen before it says that it did not. Real time: a hang, not a measurement.</summary>
public static class Deadline
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>For what processes do among each other: start, notice that another is gone.</summary>
    public static readonly TimeSpan ProcessPatience = TimeSpan.FromSeconds(90);

    public static Task Over() => Task.Delay(Patience, TimeProvider.System);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Within(this Task task) => task.WaitAsync(Patience);

    public static async Task<T> Within<T>(this Task<T> task, Func<string> state)
    {
        await ((Task)task).Within(state);
        return await task;
    }

    public static async Task Within(this Task task, Func<string> state)
    {
        try
        {
            await task.WaitAsync(ProcessPatience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(state());
        }
    }

    /// <summary>Looks until it is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo, Func<string> state)
    {
        var over = Task.Delay(ProcessPatience, TimeProvider.System);
        while (!await isSo())
        {
            if (over.IsCompleted) throw new TimeoutException(state());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System); // between two looks
        }
    }
}
