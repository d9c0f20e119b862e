using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly List<(LogLevel Level, string Message)> _lines = [];

    public IReadOnlyList<string> Of(LogLevel level)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Level == level).Select(line => line.Message)];
    }

    public void Clear()
    {
        lock (_lines)
            _lines.Clear();
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add((logLevel, formatter(state, exception)));
    }
}
