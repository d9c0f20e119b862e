using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class ConfigDescriberTests
{
    private static readonly BrokerConfigValues Broker = BrokerConfigValues.FromStatic(new Dictionary<string, string>
    {
        ["node.id"] = "1",
        ["log.retention.hours"] = "168",
        ["ssl.keystore.password"] = "hunter2",
    });

    private static ConfigEntry Topic(string name, BrokerConfigValues broker, params (string Name, string Value)[] own) =>
        Assert.Single(ConfigDescriber.DescribeTopic(
            new TopicConfig(broker, own.ToDictionary(pair => pair.Name, pair => pair.Value)), [name]));

    private static void AssertEntry(ConfigEntry entry, string? value, ConfigSource source, params ConfigSynonym[] synonyms)
    {
        Assert.Equal(value, entry.Value);
        Assert.Equal(source, entry.Source);
        Assert.Equal(synonyms, entry.Synonyms);
    }

    [Fact]
    public void A_topic_has_all_33_keys_and_none_is_read_only()
    {
        IReadOnlyList<ConfigEntry> entries =
            ConfigDescriber.DescribeTopic(new TopicConfig(Broker, new Dictionary<string, string>()), null);
        Assert.Equal(33, entries.Count);
        Assert.All(entries, entry => Assert.False(entry.IsReadOnly || entry.IsSensitive));
        Assert.Equal(entries, entries.OrderBy(entry => entry.Name, StringComparer.Ordinal));
        Assert.All(entries, entry => Assert.True(entry.IsDefault));
    }

    // The expected answers below are what a Kafka 4.0 broker gave for the same questions.
    [Fact]
    public void A_default_names_the_brokers_key() => AssertEntry(
        Topic("segment.bytes", Broker), "1073741824", ConfigSource.Default,
        new ConfigSynonym("log.segment.bytes", "1073741824", ConfigSource.Default));

    [Fact]
    public void A_key_without_a_brokers_key_has_no_synonyms() =>
        AssertEntry(Topic("remote.storage.enable", Broker), "false", ConfigSource.Default);

    [Theory]
    [InlineData("segment.ms", "604800000")]
    [InlineData("segment.jitter.ms", "0")]
    [InlineData("flush.ms", "9223372036854775807")]
    public void A_default_that_comes_from_another_unit_has_no_synonyms(string name, string value) =>
        AssertEntry(Topic(name, Broker), value, ConfigSource.Default);

    [Fact]
    public void A_topics_own_value_comes_first() => AssertEntry(
        Topic("retention.ms", Broker, ("retention.ms", "3600000")), "3600000", ConfigSource.Topic,
        new ConfigSynonym("retention.ms", "3600000", ConfigSource.Topic));

    [Fact]
    public void All_places_stand_in_the_order_of_their_strength()
    {
        BrokerConfigValues broker = Broker.WithDynamic(
            new Dictionary<string, string>(), new Dictionary<string, string> { ["log.cleanup.policy"] = "delete" });
        AssertEntry(
            Topic("cleanup.policy", broker, ("cleanup.policy", "delete")), "delete", ConfigSource.Topic,
            new ConfigSynonym("cleanup.policy", "delete", ConfigSource.Topic),
            new ConfigSynonym("log.cleanup.policy", "delete", ConfigSource.DynamicBroker),
            new ConfigSynonym("log.cleanup.policy", "delete", ConfigSource.Default));
    }

    [Fact]
    public void Names_that_nobody_knows_are_passed_over_and_no_names_means_all()
    {
        var topic = new TopicConfig(Broker, new Dictionary<string, string>());
        Assert.Equal(["cleanup.policy", "retention.ms"], ConfigDescriber
            .DescribeTopic(topic, ["retention.ms", "cleanup.policy", "nope"]).Select(entry => entry.Name));
        Assert.Equal(33, ConfigDescriber.DescribeTopic(topic, []).Count);
    }

    [Fact]
    public void A_broker_tells_what_is_read_only_and_where_it_comes_from()
    {
        IReadOnlyList<ConfigEntry> entries =
            ConfigDescriber.DescribeBroker(Broker, ["node.id", "log.retention.ms", "nope"]);
        Assert.Equal(["log.retention.ms", "node.id"], entries.Select(entry => entry.Name));
        Assert.False(entries[0].IsReadOnly);
        AssertEntry(entries[0], null, ConfigSource.Default);
        Assert.Equal(ConfigType.Long, entries[0].Type);
        Assert.True(entries[1].IsReadOnly);
        AssertEntry(
            entries[1], "1", ConfigSource.Static,
            new ConfigSynonym("node.id", "1", ConfigSource.Static), new ConfigSynonym("node.id", "1", ConfigSource.Default));
    }

    [Fact]
    public void A_secret_is_never_told()
    {
        ConfigEntry entry = Assert.Single(ConfigDescriber.DescribeBroker(Broker, ["ssl.keystore.password"]));
        Assert.True(entry.IsSensitive);
        AssertEntry(entry, null, ConfigSource.Static, new ConfigSynonym("ssl.keystore.password", null, ConfigSource.Static));
        Assert.DoesNotContain(
            ConfigDescriber.DescribeBroker(Broker, null), e => e.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_internal_to_kafka_are_told_only_when_set()
    {
        const string name = "unstable.api.versions.enable";
        Assert.Empty(ConfigDescriber.DescribeBroker(Broker, [name]));
        var set = BrokerConfigValues.FromStatic(new Dictionary<string, string> { [name] = "TRUE" });
        Assert.Equal("true", Assert.Single(ConfigDescriber.DescribeBroker(set, [name])).Value);
    }

    [Fact]
    public void The_broker_without_a_name_tells_only_what_is_set_for_all()
    {
        BrokerConfigValues values = Broker.WithDynamic(
            forAllBrokers: new Dictionary<string, string> { ["log.segment.bytes"] = "20" },
            forThisBroker: new Dictionary<string, string> { ["log.segment.bytes"] = "30", ["num.io.threads"] = "2" });
        ConfigEntry entry = Assert.Single(ConfigDescriber.DescribeAllBrokers(values, null));
        AssertEntry(
            entry, "20", ConfigSource.DynamicDefaultBroker,
            new ConfigSynonym("log.segment.bytes", "20", ConfigSource.DynamicDefaultBroker));
    }
}
