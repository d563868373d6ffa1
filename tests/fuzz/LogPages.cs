using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Fuzz;

/// <summary>Keeps the different lines that were logged, so that a test can look for what must not be there.</summary>
public sealed class LogPages : ILoggerProvider, ILogger
{
    private const int MaxLines = 1000;

    private readonly ConcurrentDictionary<string, byte> lines = new(StringComparer.Ordinal);

    public ICollection<string> Lines => lines.Keys;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (lines.Count < MaxLines) lines[$"{logLevel}: {formatter(state, exception)} {exception}"] = 0;
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
