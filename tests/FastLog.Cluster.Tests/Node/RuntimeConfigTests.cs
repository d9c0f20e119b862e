using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster.Tests.Node;

/// <summary>What is set at run time acts at once, and after a restart.</summary>
public sealed class RuntimeConfigTests
{
    private static readonly ConfigResource AllBrokers = new(ConfigResourceType.Broker, "");

    private readonly SimulatedFileSystem _files = new(seed: 1);

    [Fact]
    public async Task A_topics_partitions_follow_its_configs()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 2);
        var resource = new ConfigResource(ConfigResourceType.Topic, "t");

        await Alter(
            test, resource, ("retention.ms", "7"), ("flush.messages", "100"), ("compression.type", "zstd"), ("cleanup.policy", "compact"),
            ("max.message.bytes", "2000"), ("segment.bytes", "3000000"), ("min.insync.replicas", "2"));

        for (var index = 0; index < 2; index++)
        {
            var partition = test.Node.Replicas.Find("t", index)!;
            var log = partition.Log.Config;
            Assert.Equal((7, 100, true, false), (log.RetentionMs, log.FlushMessages, log.IsCompacted, log.IsDeleted));
            Assert.Equal((Records.CompressionType.Zstd, 2000, 3000000), (log.CompressionType, log.MaxMessageBytes, log.SegmentBytes));
            Assert.Equal(2, partition.Settings.InsyncReplicasMin);
        }
        await Alter(test, resource, ("retention.ms", null), ("compression.type", null));
        var after = test.Node.Replicas.Find("t", 0)!.Log.Config;
        Assert.Equal((604_800_000, null, 100), (after.RetentionMs, after.CompressionType, after.FlushMessages));
        await test.Stop();
    }

    [Fact]
    public async Task A_brokers_values_reach_the_topics_that_have_none_of_their_own_and_outlive_a_restart()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("plain");
        await test.Create("own", 1, new KeyValuePair<string, string?>("max.message.bytes", "500"));

        await Alter(test, AllBrokers, ("message.max.bytes", "2000"), ("log.retention.ms", "9"));
        Assert.Equal((2000, 9L, 500, 9L), Read(test));
        await test.Create("new");
        Assert.Equal(2000, test.Node.Replicas.Find("new", 0)!.Log.Config.MaxMessageBytes);
        await test.Restart();
        Assert.Equal((2000, 9L, 500, 9L), Read(test));

        await Alter(test, new ConfigResource(ConfigResourceType.Broker, "1"), ("message.max.bytes", "3000"));
        Assert.Equal((3000, 9L, 500, 9L), Read(test));
        await Alter(test, new ConfigResource(ConfigResourceType.Broker, "1"), ("message.max.bytes", null));
        await Alter(test, AllBrokers, ("log.retention.ms", null));
        Assert.Equal((2000, 604_800_000L, 500, 604_800_000L), Read(test));
        await test.Stop();

        static (int, long, int, long) Read(TestNode test)
        {
            var (plain, own) = (test.Node.Replicas.Find("plain", 0)!.Log.Config, test.Node.Replicas.Find("own", 0)!.Log.Config);
            Assert.Equal(plain.MaxMessageBytes, test.Node.Replicas.Find("plain", 0)!.Settings.MessageBytesMax);
            return (plain.MaxMessageBytes, plain.RetentionMs, own.MaxMessageBytes, own.RetentionMs);
        }
    }

    [Fact]
    public async Task Directories_and_the_nodes_own_view_follow()
    {
        var test = await new TestNode(_files).Start();

        await Alter(test, AllBrokers, ("producer.id.expiration.ms", "77"), ("max.connections", "5"));

        Assert.Equal(77, test.Node.LogDirectories[0].ProducerIdExpirationMs);
        Assert.Equal(5, test.Node.Config.ConnectionsMax);
        await test.Restart();
        Assert.Equal(77, test.Node.LogDirectories[0].ProducerIdExpirationMs);
        await test.Stop();
    }

    [Fact]
    public async Task What_the_metadata_cannot_mean_is_told_and_left_out()
    {
        using var loggers = new RecordingLoggers();
        var test = await new TestNode(_files) { Loggers = loggers }.Start();
        await test.Create("t");
        var record = new Protocol.Messages.ConfigRecord
        {
            ResourceType = (sbyte)ConfigResourceType.Broker,
            ResourceName = "",
            Name = "message.max.bytes",
            Value = "a lot",
        };

        await test.Node.Metadata.AppendAsync([new Raft.MetadataRecord(record, 0)], CancellationToken.None);

        Assert.Equal(1048588, test.Node.Replicas.Find("t", 0)!.Log.Config.MaxMessageBytes);
        Assert.Contains(loggers.Lines, line => line.Contains("a lot", StringComparison.Ordinal));
        await test.Stop();
    }

    private static async Task Alter(TestNode test, ConfigResource resource, params (string Name, string? Value)[] values)
    {
        var results = await test.Node.Controller.AlterConfigsAsync(
            [
                new ConfigAlteration(
                    resource,
                    [
                        .. values.Select(pair => new ConfigOperation(
                            pair.Name, pair.Value is null ? ConfigOperationKind.Delete : ConfigOperationKind.Set, pair.Value)),
                    ]),
            ],
            validateOnly: false);
        Assert.Equal((ErrorCode.None, null), (Assert.Single(results).Error, results[0].Message));
    }
}
