using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class TopicConfigTests
{
    private static TopicConfig Topic(string broker, string own) => new(
        BrokerConfigValues.FromStatic(ServerProperties.Parse(broker).Values), ServerProperties.Parse(own).Values);

    [Theory]
    [InlineData("segment.bytes", "abc", "Invalid value abc for configuration segment.bytes: Not a number of type INT")]
    [InlineData("segment.bytes", "13", "Invalid value 13 for configuration segment.bytes: Value must be at least 14")]
    [InlineData("flush.messages", "1.5", "Invalid value 1.5 for configuration flush.messages: Not a number of type LONG")]
    [InlineData("preallocate", "no", "Invalid value no for configuration preallocate: Expected value to be either true or false")]
    [InlineData("compression.gzip.level", "10", "Invalid value 10 for configuration compression.gzip.level: Value must be no more than 9")]
    [InlineData("min.cleanable.dirty.ratio", "x", "Invalid value x for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE")]
    [InlineData("min.cleanable.dirty.ratio", "-1", "Invalid value -1 for configuration min.cleanable.dirty.ratio: Value must be at least 0")]
    [InlineData("cleanup.policy", "keep", "Invalid value keep for configuration cleanup.policy: String must be one of: compact, delete")]
    [InlineData("leader.replication.throttled.replicas", "1:", "Invalid value 1: for configuration leader.replication.throttled.replicas: Must be '*' or pairs like 0:1,1:2 (partition:broker)")]
    [InlineData("no.such.key", "1", "Unknown topic config name: no.such.key")]
    [InlineData("segment.bytes", null, "Null value not supported for topic configs: segment.bytes")]
    [InlineData("remote.storage.enable", "true", "Tiered storage is not available on this broker, so remote.storage.enable cannot be true")]
    public void A_bad_value_is_refused_with_the_reason(string name, string? value, string reason) =>
        Assert.Equal(reason, TopicConfig.Validate(name, value));

    [Theory]
    [InlineData("segment.bytes", "14")]
    [InlineData("retention.ms", "-1")]
    [InlineData("retention.ms", " 5 ")]
    [InlineData("cleanup.policy", "compact,delete")]
    [InlineData("remote.storage.enable", "false")]
    [InlineData("follower.replication.throttled.replicas", "*")]
    [InlineData("follower.replication.throttled.replicas", "0:1,12:3")]
    [InlineData("follower.replication.throttled.replicas", "")]
    public void A_good_value_is_allowed(string name, string value) => Assert.Null(TopicConfig.Validate(name, value));

    [Fact]
    public void Values_are_checked_together_with_the_brokers()
    {
        var broker = BrokerConfigValues.FromStatic(new Dictionary<string, string> { ["log.cleaner.max.compaction.lag.ms"] = "10" });
        string? reason = TopicConfig.Validate(broker, new Dictionary<string, string?> { ["min.compaction.lag.ms"] = "11" });
        Assert.Equal("min.compaction.lag.ms (11) is greater than max.compaction.lag.ms (10)", reason);
        Assert.Null(TopicConfig.Validate(broker, new Dictionary<string, string?> { ["min.compaction.lag.ms"] = "10" }));
        Assert.NotNull(TopicConfig.Validate(broker, new Dictionary<string, string?> { ["segment.ms"] = null }));
    }

    [Fact]
    public void A_topics_own_value_wins_over_the_brokers_and_that_over_the_default()
    {
        TopicConfig topic = Topic("log.segment.bytes=100\nlog.roll.hours=2", "segment.bytes=50\nunknown.key=1");
        Assert.Equal(50, topic.Settings.SegmentBytes);
        Assert.Equal(7200000, topic.Settings.SegmentMs);
        Assert.Equal(4096, topic.Settings.IndexIntervalBytes);
        Assert.Equal(new ConfigSynonym("segment.bytes", "50", ConfigSource.Topic), topic.Get("segment.bytes"));
        Assert.Equal(new ConfigSynonym("log.roll.hours", "7200000", ConfigSource.Static), topic.Get("segment.ms"));
        Assert.Equal(ConfigSource.Default, topic.Get("index.interval.bytes").Source);
    }

    [Fact]
    public void What_is_set_at_run_time_wins_over_the_file_and_one_broker_over_all()
    {
        BrokerConfigValues values = BrokerConfigValues
            .FromStatic(new Dictionary<string, string> { ["log.retention.hours"] = "1" })
            .WithDynamic(
                forAllBrokers: new Dictionary<string, string> { ["log.retention.ms"] = "20", ["message.max.bytes"] = "2" },
                forThisBroker: new Dictionary<string, string> { ["message.max.bytes"] = "3" });
        TopicSettings settings = new TopicConfig(values, new Dictionary<string, string>()).Settings;
        Assert.Equal(20, settings.RetentionMs);
        Assert.Equal(3, settings.MessageBytesMax);
    }

    [Theory]
    [InlineData("cleanup.policy=", false, false)]
    [InlineData("cleanup.policy=compact", false, true)]
    [InlineData("cleanup.policy=delete", true, false)]
    [InlineData("cleanup.policy= delete, compact", true, true)]
    public void The_cleanup_policy_is_none_one_or_both(string own, bool isDeleted, bool isCompacted)
    {
        TopicSettings settings = Topic("", own).Settings;
        Assert.Equal(isDeleted, settings.IsDeleted);
        Assert.Equal(isCompacted, settings.IsCompacted);
    }

    [Theory]
    [InlineData("producer", TopicCompression.Producer)]
    [InlineData("uncompressed", TopicCompression.Uncompressed)]
    [InlineData("gzip", TopicCompression.Gzip)]
    [InlineData("snappy", TopicCompression.Snappy)]
    [InlineData("lz4", TopicCompression.Lz4)]
    [InlineData("zstd", TopicCompression.Zstd)]
    public void Every_codec_has_its_value(string text, TopicCompression expected) =>
        Assert.Equal(expected, Topic("", $"compression.type={text}").Settings.Compression);
}
