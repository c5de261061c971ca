using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Granary.Language;

/// <summary>Keeps what was logged, by category.</summary>
public sealed class Logs : ILoggerProvider
{
    public ConcurrentQueue<LogLine> Lines { get; } = new();

    private readonly Changes _changes = new();

    public static Logs Begin() => new();

    /// <summary>Waits until an event of that name has been logged.</summary>
    public async Task<LogLine> Tell(string name)
    {
        await _changes.Until(() => Lines.Any(line => line.Event == name), () => $"{name} was not logged.");
        return Lines.First(line => line.Event == name);
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(Logs logs, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            logs.Lines.Enqueue(new LogLine(name, logLevel, eventId.Name, formatter(state, exception)));
            logs._changes.Happen();
        }
    }
}

public sealed record LogLine(string Category, LogLevel Level, string? Event, string Text);
