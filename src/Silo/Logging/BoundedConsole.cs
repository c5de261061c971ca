using Microsoft.Extensions.Logging.Console;

namespace Granary.Silo.Logging;

/// <summary>The console as a process of ours writes it.</summary>
public static class BoundedConsole
{
    /// <summary>One line for each event, in UTC, and of each warning only so many a second.</summary>
    public static ILoggingBuilder AddBoundedConsole(this ILoggingBuilder logging, TimeProvider clock)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        var console = logging.Services.Last(static service => service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(console);
        logging.Services.AddSingleton<ILoggerProvider>(services => new BoundedLines(ActivatorUtilities.CreateInstance<ConsoleLoggerProvider>(services), clock));
        return logging;
    }
}
