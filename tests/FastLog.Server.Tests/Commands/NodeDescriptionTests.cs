using FastLog.Broker;
using FastLog.Client;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Server.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Server.Tests.Commands;

/// <summary>What the admin client learns from a broker with two log directories, and that it can be shown.</summary>
public sealed class NodeDescriptionTests : IAsyncLifetime
{
    private readonly string _path = Directory.CreateTempSubdirectory("fastlog-node-test-").FullName;
    private BrokerServer _broker = null!;
    private AdminClient _admin = null!;

    public async Task InitializeAsync()
    {
        var properties = ServerProperties.Empty.With(
            ["listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={_path}/a,{_path}/b", "broker.rack=r7"]);
        var (config, _) = BrokerConfig.Parse(properties, "localhost");
        _broker = await BrokerServer.StartAsync(
            config, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
        _admin = Connect(_broker);
        await _admin.CreateTopicAsync(new NewTopic("t", 2, 1));
        await _admin.CreateTopicAsync(new NewTopic("u", 1, 1));
    }

    public async Task DisposeAsync()
    {
        await _admin.DisposeAsync();
        await _broker.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public async Task The_broker_its_features_and_its_quorum()
    {
        var broker = Assert.Single(await _admin.DescribeBrokersAsync());
        Assert.Equal(
            new BrokerDescription(1, new BrokerEndpoint("127.0.0.1", _broker.EndPoints[0].EndPoint.Port), "r7", false), broker);

        var features = await _admin.DescribeFeaturesAsync();
        Assert.Equal(
            ["group.version 0-1 1", "kraft.version 0-1 0", "metadata.version 7-25 25", "transaction.version 0-2 2"],
            features.Features.Select(f => $"{f.Name} {f.MinSupportedLevel}-{f.MaxSupportedLevel} {f.FinalizedLevel}"));
        Assert.True(features.FinalizedEpoch > 0);

        var quorum = await _admin.DescribeQuorumAsync();
        var voter = Assert.Single(quorum.Voters);
        Assert.Equal((1, 1, quorum.HighWatermark), (quorum.LeaderId, voter.NodeId, voter.LogEndOffset));
        Assert.NotEqual(Guid.Empty, voter.DirectoryId);
        Assert.Empty(quorum.Observers);

        var shown = new StringWriter();
        ClusterOutput.Write(await _admin.DescribeClusterAsync(), [broker], features, quorum, false, shown);
        Assert.Contains("r7", shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_directories_of_all_topics_and_of_one()
    {
        var all = await _admin.DescribeLogDirsAsync(1);
        Assert.Equal([$"{_path}/a", $"{_path}/b"], all.Select(directory => directory.Path));
        Assert.All(all, directory => Assert.Equal((1, ErrorCode.None), (directory.BrokerId, directory.ErrorCode)));
        Assert.All(all, directory => Assert.InRange(directory.UsableBytes, 1, directory.TotalBytes));
        Assert.Equal(["t-0", "t-1", "u-0"], NamesIn(all));

        Assert.Equal(["u-0"], NamesIn(await _admin.DescribeLogDirsAsync(1, ["u"])));
        Assert.Empty(NamesIn(await _admin.DescribeLogDirsAsync(1, [])));
    }

    [Fact]
    public async Task What_is_not_there_is_an_error()
    {
        var topic = await Assert.ThrowsAsync<KafkaException>(() => _admin.DescribeLogDirsAsync(1, ["none"]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, topic.ErrorCode);
        var broker = await Assert.ThrowsAsync<KafkaException>(() => _admin.DescribeLogDirsAsync(9));
        Assert.Equal(ErrorCode.BrokerNotAvailable, broker.ErrorCode);
    }

    private static AdminClient Connect(BrokerServer broker) =>
        new(new ClientOptions { BootstrapServers = broker.EndPoints[0].EndPoint.ToString() });

    private static IEnumerable<string> NamesIn(IReadOnlyList<LogDirectoryDescription> directories) => directories
        .SelectMany(directory => directory.Replicas)
        .Select(replica => $"{replica.Partition.Topic}-{replica.Partition.Partition}")
        .Order(StringComparer.Ordinal);
}
