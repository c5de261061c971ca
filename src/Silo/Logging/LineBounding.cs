using Microsoft.Extensions.Logging.Console;

namespace Granary.Silo.Logging;

/// <summary>Bounds what a process of ours writes to its console.</summary>
public static class LineBounding
{
    /// <summary>From now on the console, which has been added already, gets of each warning or error only so many lines a second.</summary>
    public static ILoggingBuilder BoundLines(this ILoggingBuilder logging, TimeProvider clock)
    {
        var console = logging.Services.Last(static service => service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(console);
        logging.Services.AddSingleton<ILoggerProvider>(services => new BoundedLines(ActivatorUtilities.CreateInstance<ConsoleLoggerProvider>(services), clock));
        return logging;
    }
}
