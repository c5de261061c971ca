using Granary.Silo.Hosting;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>
/// A silo that was declared dead, or that cannot go on, ends at once: it must not answer from what it keeps, since the others no longer tell it what is invalidated.
/// It ends with an error, so that a supervisor starts it again. Orleans' own handler waits two seconds and writes a memory dump.
/// </summary>
internal sealed class EndOfSilo : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        // The log is written by a thread of its own, which may not come to it any more.
        Console.Error.WriteLine($"Granary ends: {(exception is null ? context : $"{context}: {GranaryProcess.FirstLine(exception)}")}");
        Environment.Exit(GranaryProcess.Failed);
    }
}
