using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastLog.Network.Tests;

/// <summary>Keeps the log lines of a test.</summary>
internal sealed class TestLog : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    /// <summary>The lines that an operator would see.</summary>
    public string[] LoudLines =>
        [.. _lines.Where(line => line.Level >= LogLevel.Information).Select(line => line.Text)];

    public string[] AllLines => [.. _lines.Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));
}
