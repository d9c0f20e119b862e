using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class BrokerConfigTests
{
    private static BrokerConfigResult Parse(string text) =>
        BrokerConfig.Parse(ServerProperties.Parse(text), machineHostName: "box");

    private static string Refusal(string text)
    {
        string message = Assert.Throws<ConfigException>(() => Parse(text)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Fact]
    public void Nothing_given_starts_on_loopback_without_a_warning()
    {
        (BrokerConfig config, IReadOnlyList<string> warnings) = Parse("");
        Assert.Empty(warnings);
        Assert.Equal(1, config.NodeId);
        Assert.Equal("PLAINTEXT://127.0.0.1:9092", Assert.Single(config.Listeners).ToString());
        Assert.Equal(config.Listeners, config.AdvertisedListeners);
        Assert.Equal(["./fastlog-data"], config.LogDirs);
        Assert.Equal(1, config.NumPartitions);
        Assert.Equal(104857600, config.SocketRequestBytesMax);
        Assert.Equal(600000, config.ConnectionsIdleMsMax);
        Assert.Null(config.Rack);
        Assert.Equal(1, config.TopicDefaults.FlushMessages);
        Assert.Equal(long.MaxValue, config.TopicDefaults.FlushMs);
        Assert.Equal(604800000, config.TopicDefaults.RetentionMs);
        Assert.Equal(604800000, config.TopicDefaults.SegmentMs);
    }

    [Fact]
    public void Kafkas_own_server_properties_starts_with_warnings_only()
    {
        (BrokerConfig config, IReadOnlyList<string> warnings) = Parse(StockProperties.Kafka4);
        Assert.Equal(2, warnings.Count);
        Assert.Equal(
            "accepted without effect, as a quorum of one needs no controller listener: " +
            "controller.listener.names, controller.quorum.bootstrap.servers",
            warnings[0]);
        Assert.StartsWith("known from Kafka but not used by FastLog: num.network.threads, ", warnings[1], StringComparison.Ordinal);
        Assert.Equal("PLAINTEXT://:9092", Assert.Single(config.Listeners).ToString());
        Assert.Equal("PLAINTEXT://localhost:9092", Assert.Single(config.AdvertisedListeners).ToString());
        Assert.Equal(["/tmp/kraft-combined-logs"], config.LogDirs);
        Assert.Equal(1, config.OffsetsTopicReplicationFactor);
    }

    [Fact]
    public void A_static_quorum_of_this_node_alone_is_accepted_with_one_warning()
    {
        (BrokerConfig config, IReadOnlyList<string> warnings) = Parse("""
            process.roles=broker,controller
            node.id=7
            controller.quorum.voters=7@localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            controller.listener.names=CONTROLLER
            """);
        Assert.Single(warnings);
        Assert.Equal(7, config.NodeId);
        Assert.Equal("PLAINTEXT://:9092", Assert.Single(config.Listeners).ToString());
        Assert.Equal("PLAINTEXT://box:9092", Assert.Single(config.AdvertisedListeners).ToString());
    }

    [Theory]
    [InlineData("log.segment.bytes=abc", "log.segment.bytes: 'abc' is not an int (expected 14 or more)")]
    [InlineData("num.network.threads=0", "num.network.threads: '0' is not allowed (expected 1 or more)")]
    [InlineData("node.id=-1", "node.id: '-1' is not allowed (expected 0 or more)")]
    [InlineData("node.id=1\nbroker.id=2", "broker.id: 2 is not node.id (expected the same value, or node.id alone)")]
    [InlineData("log.retention.hours=0", "log.retention.hours: '0' is not allowed (expected 1 or more, or -1 for no limit)")]
    [InlineData("queued.max.request.bytes=5", "queued.max.request.bytes: '5' is not allowed (expected socket.request.max.bytes or more, or -1 for no limit)")]
    [InlineData("log.dirs=", "log.dirs: '' is not a list of directories (expected a path)")]
    [InlineData("log.dirs=/a,/b,/a", "log.dirs: '/a' stands there twice (expected each path once)")]
    [InlineData("process.roles=controller", "process.roles: 'controller' is not supported yet (expected broker,controller)")]
    [InlineData("process.roles=brokr", "process.roles: 'brokr' is not allowed (expected one of broker, controller)")]
    [InlineData("controller.quorum.voters=1@a:1,2@b:1", "controller.quorum.voters: 2 voters are not supported yet (expected none, or this node alone)")]
    [InlineData("controller.quorum.voters=2@a:1", "controller.quorum.voters: voter 2 is not this node, which is 1 (expected none, or this node alone)")]
    [InlineData("controller.quorum.voters=a:1", "controller.quorum.voters: 'a:1' is not a voter (expected id@host:port)")]
    [InlineData("controller.quorum.bootstrap.servers=a", "controller.quorum.bootstrap.servers: 'a' is not an address (expected host:port)")]
    [InlineData("controller.quorum.bootstrap.servers=a:1,b:1", "controller.quorum.bootstrap.servers: 2 controllers are not supported yet (expected none, or this node alone)")]
    public void A_bad_value_is_one_clear_line(string text, string expected) => Assert.Equal(expected, Refusal(text));

    [Fact]
    public void The_first_mistake_of_the_file_is_the_one_told() =>
        Assert.StartsWith("num.partitions:", Refusal("num.partitions=x\nlog.segment.bytes=y"), StringComparison.Ordinal);

    [Fact]
    public void Keys_without_effect_share_one_warning_and_unknown_ones_get_a_suggestion()
    {
        IReadOnlyList<string> warnings = Parse("""
            num.io.threads=8
            log.segment.byte=100
            retention.ms=1
            remote.storage.enable=false
            listener.name.external.ssl.keystore.password=secret
            utterly.different.from.all=1
            """).Warnings;
        Assert.Equal(
            [
                "known from Kafka but not used by FastLog: num.io.threads, listener.name.external.ssl.keystore.password",
                "log.segment.byte: nobody knows this key (did you mean log.segment.bytes?)",
                "retention.ms: nobody knows this key here, it is a topic's (did you mean log.retention.ms?)",
                "remote.storage.enable: nobody knows this key here, it is a topic's",
                "utterly.different.from.all: nobody knows this key",
            ],
            warnings);
    }

    [Theory]
    [InlineData("log.retention.hours=2", 7200000)]
    [InlineData("log.retention.hours=2\nlog.retention.minutes=3", 180000)]
    [InlineData("log.retention.ms=5\nlog.retention.hours=2\nlog.retention.minutes=3", 5)]
    [InlineData("log.retention.minutes=-1", -1)]
    [InlineData("log.retention.hours=2147483647", 2147483647 * 3600000L)]
    [InlineData("log.retention.hours=-7", -1)]
    public void The_finer_unit_of_retention_wins(string text, long expected) =>
        Assert.Equal(expected, Parse(text).Config.TopicDefaults.RetentionMs);

    [Theory]
    [InlineData("log.roll.hours=1", 3600000, 0)]
    [InlineData("log.roll.hours=1\nlog.roll.ms=9\nlog.roll.jitter.hours=1", 9, 3600000)]
    [InlineData("log.roll.jitter.hours=1\nlog.roll.jitter.ms=4", 604800000, 4)]
    public void The_finer_unit_of_rolling_wins(string text, long rollMs, long jitterMs)
    {
        TopicSettings settings = Parse(text).Config.TopicDefaults;
        Assert.Equal(rollMs, settings.SegmentMs);
        Assert.Equal(jitterMs, settings.SegmentJitterMs);
    }

    [Theory]
    [InlineData("log.dir=/a", "/a")]
    [InlineData("log.dir=/a\nlog.dirs=/b,/c", "/b|/c")]
    [InlineData("log.dirs= /b , /c ,", "/b|/c")]
    public void Log_dirs_win_over_log_dir(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Parse(text).Config.LogDirs);

    [Theory]
    [InlineData("broker.id=5", 5)]
    [InlineData("broker.id=-1", 1)]
    [InlineData("node.id=0", 0)]
    [InlineData("node.id=3\nbroker.id=3", 3)]
    [InlineData("node.id=3\nbroker.id=-1", 3)]
    public void Broker_id_is_an_older_name_of_node_id(string text, int expected) =>
        Assert.Equal(expected, Parse(text).Config.NodeId);

    [Fact]
    public void Overrides_of_the_command_line_win()
    {
        ServerProperties properties = ServerProperties.Parse("num.partitions=2").With(["num.partitions=6"]);
        Assert.Equal(6, BrokerConfig.Parse(properties, "box").Config.NumPartitions);
    }

    [Fact]
    public void A_broker_only_node_starts_as_its_own_controller_with_a_warning() =>
        Assert.Equal(
            ["process.roles: this node is a cluster of its own, so it is its controller too"],
            Parse("process.roles=broker").Warnings);

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(3, 5, 3)]
    [InlineData(3, 0, 1)]
    public void Internal_topics_have_no_more_replicas_than_there_are_brokers(short configured, int brokers, short expected) =>
        Assert.Equal(expected, BrokerConfig.InternalTopicReplicationFactor(configured, brokers));
}
