using System.Collections.Concurrent;

namespace Granary.Silo.Logging;

/// <summary>
/// Hands log lines on to another provider, but of each warning or error only so many a second: one that comes with every request, from an attacker or because
/// a host is broken, must neither fill the disk nor hide the others. Holds for ours and for those of what we are built on.
/// </summary>
[ProviderAlias("Console")]
internal sealed class BoundedLines(ILoggerProvider inner, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private const int LinesPerSecond = 10;

    public ILogger CreateLogger(string categoryName) => new Category(inner.CreateLogger(categoryName), clock);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => inner.Dispose();

    private sealed class Category(ILogger lines, TimeProvider clock) : ILogger
    {
        private readonly ConcurrentDictionary<int, LineBudget> _budgets = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => lines.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => lines.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel is LogLevel.Warning or LogLevel.Error)
            {
                var budget = _budgets.GetOrAdd(eventId.Id, static (_, clock) => new LineBudget(LinesPerSecond, clock), clock);
                if (!budget.LetsThrough(out var leftOut)) return;
                if (leftOut > 0) lines.LinesLeftOut(leftOut, eventId.Name ?? "");
            }

            lines.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
