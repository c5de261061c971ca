namespace Granary.Language;

/// <summary>Waiting for what other processes do by the real clock.</summary>
public static class Wait
{
    public static Task Until(Func<Task<bool>> isSo, string otherwise) => Deadline.Until(isSo, () => otherwise);

    /// <summary>Where the passing of real time is itself what happens: a process that is stopped for so long.</summary>
    public static Task For(TimeSpan span) => Task.Delay(span, TimeProvider.System);
}
