using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class ConfigDefinitionTests
{
    [Fact]
    public void Every_default_is_allowed_by_its_own_validator()
    {
        foreach (ConfigDefinition definition in BrokerConfigDefinitions.All.Concat(TopicConfigDefinitions.All))
        {
            if (definition.Default is { } value)
            {
                Assert.True(definition.TryParse(value, out _, out ConfigFault? fault), $"{definition.Name}: {fault}");
                Assert.Equal(value, definition.Normalize(value));
            }
        }
    }

    [Fact]
    public void Every_key_of_kafka_4_is_known()
    {
        string[] own = ["http.listeners", "log.flush.journal.bytes"];
        Assert.Equal(own, BrokerConfigDefinitions.All.Select(definition => definition.Name).Intersect(own));
        Assert.Equal(300, BrokerConfigDefinitions.All.Count - own.Length);
        Assert.Equal(33, TopicConfigDefinitions.All.Count);
        Assert.All(
            BrokerConfigDefinitions.All.Concat(TopicConfigDefinitions.All),
            definition => Assert.EndsWith(".", definition.Documentation, StringComparison.Ordinal));
    }

    [Fact]
    public void A_topics_default_is_the_default_of_the_brokers_key()
    {
        foreach (ConfigDefinition definition in TopicConfigDefinitions.All.Where(d => d.BrokerKey is not null))
        {
            ConfigDefinition broker = BrokerConfigDefinitions.Catalog[definition.BrokerKey!];
            Assert.Equal(definition.Type, broker.Type);
            if (broker.Default is { } value)
            {
                Assert.Equal(definition.Default, value);
            }
        }
    }

    [Theory]
    [InlineData("num.partitions", "1")]
    [InlineData("log.segment.bytes", "1073741824")]
    [InlineData("log.retention.hours", "168")]
    [InlineData("log.retention.ms", null)]
    [InlineData("message.max.bytes", "1048588")]
    [InlineData("socket.request.max.bytes", "104857600")]
    [InlineData("fetch.max.bytes", "57671680")]
    [InlineData("offsets.topic.num.partitions", "50")]
    [InlineData("offsets.topic.replication.factor", "3")]
    [InlineData("log.flush.interval.messages", "1")]
    [InlineData("log.dirs", "./fastlog-data")]
    [InlineData("listeners", "PLAINTEXT://127.0.0.1:9092")]
    [InlineData("node.id", "1")]
    [InlineData("process.roles", "broker,controller")]
    public void Defaults_are_kafkas_or_the_documented_other_ones(string name, string? expected) =>
        Assert.Equal(expected, BrokerConfigDefinitions.Catalog[name].Default);

    [Theory]
    [InlineData("num.partitions", " 12 ", 12L)]
    [InlineData("num.partitions", "+7", 7L)]
    [InlineData("num.partitions", "007", 7L)]
    [InlineData("log.retention.bytes", "9223372036854775807", long.MaxValue)]
    [InlineData("log.preallocate", "TRUE", true)]
    [InlineData("log.cleaner.min.cleanable.ratio", "0.25", 0.25)]
    [InlineData("log.cleaner.io.max.bytes.per.second", "1.7976931348623157E308", double.MaxValue)]
    [InlineData("broker.rack", " r1 ", "r1")]
    [InlineData("group.consumer.migration.policy", "Upgrade", "Upgrade")]
    [InlineData("compression.gzip.level", "-1", -1L)]
    public void A_good_value_is_parsed_to_its_type(string name, string text, object expected) =>
        Assert.Equal(expected, BrokerConfigDefinitions.Catalog[name].Parse(text));

    [Theory]
    [InlineData("log.cleanup.policy", "", new string[0])]
    [InlineData("log.cleanup.policy", "compact , delete", new[] { "compact", "delete" })]
    public void A_list_is_split_at_its_commas(string name, string text, string[] expected) =>
        Assert.Equal(expected, (IReadOnlyList<string>)BrokerConfigDefinitions.Catalog[name].Parse(text));

    [Theory]
    [InlineData("log.segment.bytes", "abc", "'abc' is not an int (expected 14 or more)")]
    [InlineData("log.segment.bytes", "13", "'13' is not allowed (expected 14 or more)")]
    [InlineData("log.segment.bytes", "2147483648", "'2147483648' is not an int (expected 14 or more)")]
    [InlineData("log.segment.bytes", "", "'' is not an int (expected 14 or more)")]
    [InlineData("log.segment.bytes", "0x10", "'0x10' is not an int (expected 14 or more)")]
    [InlineData("log.segment.bytes", "1 000", "'1 000' is not an int (expected 14 or more)")]
    [InlineData("log.segment.bytes", "a\nb", "'a?b' is not an int (expected 14 or more)")]
    [InlineData("offsets.topic.replication.factor", "40000", "'40000' is not a short (expected 1 or more)")]
    [InlineData("log.retention.bytes", "1e3", "'1e3' is not a long")]
    [InlineData("log.retention.ms", "0", "'0' is not allowed (expected 1 or more, or -1)")]
    [InlineData("auto.create.topics.enable", "yes", "'yes' is not a boolean (true or false)")]
    [InlineData("compression.gzip.level", "0", "'0' is not allowed (expected 1 to 9, or -1)")]
    [InlineData("log.cleaner.min.cleanable.ratio", "NaN", "'NaN' is not a number (expected 0 to 1)")]
    [InlineData("log.cleaner.io.max.bytes.per.second", "NaN", "'NaN' is not a number")]
    [InlineData("log.cleaner.min.cleanable.ratio", "1.5", "'1.5' is not allowed (expected 0 to 1)")]
    [InlineData("log.cleanup.policy", "delete,keep", "'delete,keep' is not allowed (expected one of compact, delete)")]
    [InlineData("remote.log.metadata.manager.class.name", "", "'' is not allowed (expected a text that is not empty)")]
    public void A_bad_value_is_told_in_one_line_with_what_was_expected(string name, string text, string reason)
    {
        var exception = Assert.Throws<ConfigException>(() => BrokerConfigDefinitions.Catalog[name].Parse(text));
        Assert.Equal($"{name}: {reason}", exception.Message);
    }

    [Fact]
    public void A_secret_is_sensitive_and_nothing_else_is()
    {
        Assert.True(BrokerConfigDefinitions.Catalog["ssl.keystore.password"].IsSensitive);
        Assert.False(BrokerConfigDefinitions.Catalog["ssl.keystore.location"].IsSensitive);
    }

    [Theory]
    [InlineData("log.segment.byte", "log.segment.bytes")]
    [InlineData("listener", "listeners")]
    [InlineData("log.rentention.hours", "log.retention.hours")]
    [InlineData("NUM.PARTITIONS", "num.partitions")]
    [InlineData("nmu.partitions", "num.partitions")]
    [InlineData("zookeeper.connect", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_nearest_known_name_is_found(string given, string? expected) =>
        Assert.Equal(expected, BrokerConfigDefinitions.Catalog.Nearest(given));
}
