using System.Globalization;
using FastLog.Broker.Loggers;
using Microsoft.Extensions.Logging;

namespace FastLog.Server.Hosting;

/// <summary>
/// Log lines on stderr in the form Kafka's administrators know: <c>[2025-03-18 10:15:30,123] INFO text (logger)</c>.
/// A broker logs a few lines a minute, so each is written at once and none is lost in a crash.
/// </summary>
internal sealed class StandardErrorLoggers(LogLevel minimum, TextWriter output) : ILeveledLoggers
{
    private readonly Lock _lock = new();

    /// <summary>From which level on each logger writes; they can be changed at any time.</summary>
    public LoggerLevels Levels { get; } = new(minimum);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, Levels.Of(categoryName));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("the broker's log goes to stderr only");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string text)
    {
        var time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            output.WriteLine($"[{time}] {NameOf(level)} {text} ({category})");
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Critical => "FATAL",
        _ => "ERROR",
    };

    private sealed class LineLogger(StandardErrorLoggers owner, LoggerLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level.Effective && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, exception);
                owner.Write(logLevel, level.Name, exception is null ? text : $"{text}: {exception}");
            }
        }
    }
}
