using FastLog.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace FastLog.Server.Tests.Hosting;

public sealed class StandardErrorLoggersTests
{
    [Fact]
    public void A_loggers_level_can_change_while_it_is_in_use()
    {
        using var text = new StringWriter();
        using var loggers = new StandardErrorLoggers(LogLevel.Information, text);
        var logger = loggers.CreateLogger("one");
        logger.LogDebug("before");
        loggers.Levels.Set("one", LogLevel.Debug);
        logger.LogDebug("after");
        loggers.CreateLogger("other").LogDebug("other");

        Assert.Contains("DEBUG after (one)", Assert.Single(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_has_time_level_text_and_logger_as_kafka_writes_them()
    {
        var line = Logged(log => log.LogWarning("disk {Disk} is {State}", 3, "slow"));

        Assert.Matches(@"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] WARN disk 3 is slow \(broker\)\n$", line);
    }

    [Fact]
    public void An_exception_follows_its_text()
    {
        var line = Logged(log => log.LogError(new IOException("gone"), "the directory failed"));

        Assert.Contains("ERROR the directory failed: System.IO.IOException: gone", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_below_the_minimum_is_not_written() =>
        Assert.Equal("", Logged(log => log.LogDebug("nobody asked")));

    private static string Logged(Action<ILogger> log)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var loggers = new StandardErrorLoggers(LogLevel.Information, output);
        log(loggers.CreateLogger("broker"));
        return output.ToString();
    }
}
