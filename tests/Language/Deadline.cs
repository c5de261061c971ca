namespace Granary.Language;

/// <summary>How long a test waits for something that must happen before it says that it did not. Real time: a hang, not a measurement.</summary>
public static class Deadline
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task Over() => Task.Delay(Patience, TimeProvider.System);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Within(this Task task) => task.WaitAsync(Patience);
}
