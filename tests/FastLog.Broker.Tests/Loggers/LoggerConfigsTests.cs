using FastLog.Broker.Loggers;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker.Tests.Loggers;

public sealed class LoggerConfigsTests
{
    private static readonly ConfigResource Loggers = new(ConfigResourceType.BrokerLogger, "1");

    private readonly LoggerLevels _levels = new(LogLevel.Information);
    private readonly LoggerConfigs _configs;

    public LoggerConfigsTests()
    {
        _levels.Of("a");
        _levels.Of("b");
        _configs = new LoggerConfigs(1, _levels);
    }

    [Fact]
    public void Loggers_follow_the_root_until_they_have_a_level_of_their_own()
    {
        Assert.Equal(["root=INFO from 6", "a=INFO from 5", "b=INFO from 5"], Told());
        Alter(Set("a", "DEBUG"));
        Alter(Set("root", "WARN"));

        Assert.Equal(["root=WARN from 6", "a=DEBUG from 6", "b=WARN from 5"], Told());
        Assert.Equal((LogLevel.Debug, LogLevel.Warning), (_levels.Of("a").Effective, _levels.Of("b").Effective));
        Alter(new ConfigOperation("a", ConfigOperationKind.Delete, null));
        Assert.Equal(LogLevel.Warning, _levels.Of("a").Effective);
    }

    [Theory]
    [InlineData("a", "LOUD", ConfigOperationKind.Set, ErrorCode.InvalidConfig)]
    [InlineData("a", null, ConfigOperationKind.Set, ErrorCode.InvalidConfig)]
    [InlineData("nobody", "INFO", ConfigOperationKind.Set, ErrorCode.InvalidConfig)]
    [InlineData("nobody", null, ConfigOperationKind.Delete, ErrorCode.InvalidConfig)]
    [InlineData("root", null, ConfigOperationKind.Delete, ErrorCode.InvalidRequest)]
    [InlineData("a", "INFO", ConfigOperationKind.Append, ErrorCode.InvalidRequest)]
    public void What_makes_no_sense_is_refused_whole(string name, string? value, ConfigOperationKind kind, ErrorCode error)
    {
        var result = _configs.Alter(
            [new ConfigAlteration(Loggers, [Set("b", "TRACE"), new ConfigOperation(name, kind, value)])], validateOnly: false);

        Assert.Equal(error, result.Error);
        Assert.Equal(LogLevel.Information, _levels.Of("b").Effective);
    }

    [Fact]
    public void Only_checking_changes_nothing()
    {
        Assert.Equal(ErrorCode.None, _configs.Alter([new ConfigAlteration(Loggers, [Set("a", "TRACE")])], validateOnly: true).Error);

        Assert.Equal(LogLevel.Information, _levels.Of("a").Effective);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("one")]
    public void Other_brokers_loggers_are_not_here(string name) =>
        Assert.Equal(ErrorCode.InvalidRequest, _configs.Check(name)?.Error);

    [Fact]
    public void Loggers_that_cannot_change_are_not_pretended() =>
        Assert.Equal(ErrorCode.InvalidRequest, new LoggerConfigs(1, null).Check("1")?.Error);

    private static ConfigOperation Set(string name, string value) => new(name, ConfigOperationKind.Set, value);

    private void Alter(ConfigOperation operation) => Assert.Equal(
        ErrorCode.None, _configs.Alter([new ConfigAlteration(Loggers, [operation])], validateOnly: false).Error);

    private IEnumerable<string> Told() =>
        _configs.Describe(null).Select(entry => $"{entry.Name}={entry.Value} from {(int)entry.Source}");
}
