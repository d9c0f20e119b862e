using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

/// <summary>The group coordinator's keys.</summary>
public sealed class GroupKeysTests
{
    [Fact]
    public void Defaults_are_kafkas()
    {
        var config = Parse();

        Assert.Equal((6_000, 1_800_000, 3_000), (config.GroupSessionTimeoutMsMin, config.GroupSessionTimeoutMsMax, config.GroupInitialRebalanceDelayMs));
        Assert.Equal((45_000, 5_000), (config.GroupConsumerSessionTimeoutMs, config.GroupConsumerHeartbeatIntervalMs));
        Assert.Equal(7 * 24 * 3_600_000L, config.OffsetsRetentionMs);
        Assert.Equal(["uniform", "range"], config.GroupConsumerAssignors);
        Assert.Equal(["classic", "consumer"], config.GroupRebalanceProtocols);
        Assert.Equal(GroupMigrationPolicy.Bidirectional, config.GroupConsumerMigrationPolicy);
        Assert.Equal((4096, int.MaxValue), (config.OffsetMetadataBytesMax, config.GroupConsumerMembersMax));
    }

    [Theory]
    [InlineData("group.consumer.session.timeout.ms=44999", "group.consumer.session.timeout.ms")]
    [InlineData("group.consumer.session.timeout.ms=60001", "group.consumer.session.timeout.ms")]
    [InlineData("group.consumer.min.session.timeout.ms=60001", "group.consumer.max.session.timeout.ms")]
    [InlineData("group.consumer.heartbeat.interval.ms=4999", "group.consumer.heartbeat.interval.ms")]
    [InlineData("group.consumer.max.heartbeat.interval.ms=4999", "group.consumer.max.heartbeat.interval.ms")]
    [InlineData("group.share.heartbeat.interval.ms=15001", "group.share.heartbeat.interval.ms")]
    [InlineData("group.consumer.assignors=range,range", "group.consumer.assignors")]
    [InlineData("group.consumer.assignors=", "group.consumer.assignors")]
    [InlineData("group.consumer.assignors=mine", "group.consumer.assignors")]
    [InlineData("group.coordinator.rebalance.protocols=consumer", "group.coordinator.rebalance.protocols")]
    [InlineData("group.consumer.migration.policy=both", "group.consumer.migration.policy")]
    public void What_cannot_be_together_is_refused_by_name(string given, string name)
    {
        var thrown = Assert.Throws<ConfigException>(() => Parse(given));

        Assert.StartsWith(name + ":", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_comes_before_the_session_ends()
    {
        var thrown = Assert.Throws<ConfigException>(() => Parse(
            "group.consumer.max.heartbeat.interval.ms=60000", "group.consumer.heartbeat.interval.ms=45000"));

        Assert.Contains("less than group.consumer.session.timeout.ms", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kafkas_classes_are_known_by_short_names_and_share_groups_are_warned_of()
    {
        var (config, warnings) = BrokerConfig.Parse(
            ServerProperties.Empty.With(
            [
                "group.consumer.assignors=org.apache.kafka.coordinator.group.assignor.RangeAssignor",
                "group.coordinator.rebalance.protocols=classic,consumer,share",
            ]),
            "localhost");

        Assert.Equal(["range"], config.GroupConsumerAssignors);
        Assert.Equal(["classic", "consumer"], config.GroupRebalanceProtocols);
        Assert.Contains("share", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_does_the_session_of_a_group_end_before_the_heartbeat()
    {
        var broker = Parse("group.consumer.min.session.timeout.ms=1000").Values;

        Assert.Null(Validate("consumer.session.timeout.ms", "5001"));
        Assert.Equal(
            "consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms",
            Validate("consumer.session.timeout.ms", "5000"));

        string? Validate(string name, string value) =>
            GroupConfig.Validate(broker, new Dictionary<string, string> { [name] = value });
    }

    private static BrokerConfig Parse(params string[] overrides) =>
        BrokerConfig.Parse(ServerProperties.Empty.With(overrides), "localhost").Config;
}
