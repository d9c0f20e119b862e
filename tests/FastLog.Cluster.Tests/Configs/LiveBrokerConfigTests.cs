using FastLog.Cluster.Configs;
using FastLog.Cluster.Tests.Control;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster.Tests.Configs;

public sealed class LiveBrokerConfigTests
{
    private readonly LiveBrokerConfig _live = new(
        BrokerConfig.Parse(ServerProperties.Empty.With(["message.max.bytes=1000", "log.retention.hours=2"]), "localhost").Config);

    private readonly TestCluster _cluster = new();

    [Fact]
    public void The_nearest_place_counts_and_what_is_deleted_brings_the_next_back()
    {
        Assert.Equal((1000, "Static"), Now());
        Store("", "message.max.bytes", "2000");
        Assert.Equal((2000, "DynamicDefaultBroker"), Now());
        Store("1", "message.max.bytes", "3000");
        Assert.Equal((3000, "DynamicBroker"), Now());
        Assert.Equal(
            ["3000 DynamicBroker", "2000 DynamicDefaultBroker", "1000 Static", "1048588 Default"],
            _live.In(_cluster.Image).Values.SynonymsOf("message.max.bytes").Select(place => $"{place.Value} {place.Source}"));
        Store("", "message.max.bytes", null);
        Assert.Equal((3000, "DynamicBroker"), Now());
        Store("1", "message.max.bytes", null);
        Assert.Equal((1000, "Static"), Now());

        (int, string) Now()
        {
            var config = _live.In(_cluster.Image);
            var place = config.Values.Get("message.max.bytes");
            Assert.Equal(place.Value, config.TopicDefaults.MessageBytesMax.ToString());
            return (config.TopicDefaults.MessageBytesMax, place.Source.ToString());
        }
    }

    [Fact]
    public void A_value_of_another_unit_set_at_run_time_is_stronger_than_the_files()
    {
        Assert.Equal(7_200_000, _live.In(_cluster.Image).TopicDefaults.RetentionMs);
        Store("", "log.retention.ms", "5");

        Assert.Equal(5, _live.In(_cluster.Image).TopicDefaults.RetentionMs);
        Assert.Equal(6, _live.TopicSettingsIn(_cluster.Image, Overrides("retention.ms", "6")).RetentionMs);
    }

    [Fact]
    public void The_cleaners_options_follow()
    {
        Store("1", "log.cleaner.threads", "2");
        Store("", "log.cleaner.io.max.bytes.per.second", "1e6");

        var cleaner = _live.In(_cluster.Image).Cleaner;
        Assert.Equal((2, 1e6), (cleaner.ThreadsCount, cleaner.IoBytesPerSecondMax));
    }

    [Fact]
    public void Other_brokers_and_other_resources_do_not_matter()
    {
        var before = _live.In(_cluster.Image);
        Store("2", "message.max.bytes", "2000");
        Store("1", "interval.ms", "200", ConfigResourceType.ClientMetrics);

        Assert.Same(before, _live.In(_cluster.Image));
    }

    [Theory]
    [InlineData("nope", "1")]
    [InlineData("message.max.bytes", "much")]
    [InlineData("node.id", "7")]
    [InlineData("log.retention.ms", "0")]
    public void What_cannot_be_used_is_left_out_and_told(string name, string value)
    {
        Store("1", name, value);

        Assert.Equal((1, 1000, 7_200_000), Read());
        Assert.Contains(name, Assert.Single(_live.FaultsIn(_cluster.Image)), StringComparison.Ordinal);

        (int, int, long) Read()
        {
            var config = _live.In(_cluster.Image);
            return (config.NodeId, config.TopicDefaults.MessageBytesMax, config.TopicDefaults.RetentionMs);
        }
    }

    [Fact]
    public void Groups_have_their_own_values_over_the_brokers()
    {
        Store("g", "consumer.session.timeout.ms", "50000", ConfigResourceType.Group);

        Assert.Equal(new GroupSettings(50_000, 5_000), _live.GroupSettingsIn(_cluster.Image, "g"));
        Assert.Equal(new GroupSettings(45_000, 5_000), _live.GroupSettingsIn(_cluster.Image, "other"));
    }

    [Fact]
    public void A_groups_value_that_the_broker_allows_no_more_counts_as_the_nearest()
    {
        Store("g", "consumer.session.timeout.ms", "99000", ConfigResourceType.Group);
        Store("g", "consumer.heartbeat.interval.ms", "1", ConfigResourceType.Group);

        Assert.Equal(new GroupSettings(60_000, 5_000), _live.GroupSettingsIn(_cluster.Image, "g"));
    }

    [Fact]
    public void A_groups_defaults_are_the_brokers()
    {
        var broker = BrokerConfig.Parse(
            ServerProperties.Empty.With(["group.consumer.session.timeout.ms=46000"]), "localhost").Config.Values;

        var told = ConfigDescriber.DescribeGroup(broker, Overrides("consumer.heartbeat.interval.ms", "6000"), null)
            .ToDictionary(entry => entry.Name, entry => (entry.Value, entry.Source));
        Assert.Equal(6, told.Count);
        Assert.Equal(("46000", ConfigSource.Default), told["consumer.session.timeout.ms"]);
        Assert.Equal(("6000", ConfigSource.Group), told["consumer.heartbeat.interval.ms"]);
    }

    private static Dictionary<string, string> Overrides(string name, string value) => new() { [name] = value };

    private void Store(string name, string key, string? value, ConfigResourceType type = ConfigResourceType.Broker) =>
        _cluster.Apply(
        [
            new MetadataRecord(
                new ConfigRecord { ResourceType = (sbyte)type, ResourceName = name, Name = key, Value = value }, 0),
        ]);
}
