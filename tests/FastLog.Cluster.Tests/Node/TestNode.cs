using System.Buffers;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Raft;
using FastLog.Storage;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Cluster.Tests.Node;

/// <summary>A node on a simulated disk, started and stopped at will.</summary>
internal sealed class TestNode(SimulatedFileSystem files, params string[] directories)
{
    private ClusterNode? _node;

    public ClusterNode Node => _node ?? throw new InvalidOperationException("The node is not running.");

    public MetadataImage Image => Node.Image;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public IReadOnlyList<string> Directories { get; } = directories.Length == 0 ? ["/data"] : directories;

    public static ClusterNodeOptions Options(IReadOnlyList<string> directories) => new()
    {
        NodeId = 1,
        LogDirectories = directories,
        EndPoints = [new BrokerEndPoint("PLAINTEXT", "localhost", 9092, 0)],
        Config = LiveBrokerConfig.Defaults,
    };

    public async Task<TestNode> Start()
    {
        _node = await ClusterNode.StartAsync(Options(Directories), files, Loggers, new ManualClock());
        return this;
    }

    public Task Stop() => Node.StopAsync();

    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    public async Task<ErrorCode> Create(string name, int partitions = 1, params KeyValuePair<string, string?>[] configs)
    {
        var results = await Node.Controller.CreateTopicsAsync(
            [new NewTopic { Name = name, PartitionsCount = partitions, Configs = configs }], validateOnly: false);
        return Assert.Single(results).Error;
    }

    public async Task<ErrorCode> Delete(string name) =>
        Assert.Single(await Node.Controller.DeleteTopicsAsync([new TopicReference(name, Guid.Empty)])).Error;

    public async Task<ErrorCode> AddPartitions(string name, int count) =>
        Assert.Single(await Node.Controller.CreatePartitionsAsync([new MorePartitions(name, count)], false)).Error;

    public Task Configure(string topic, string name, string? value)
    {
        var record = new Protocol.Messages.ConfigRecord
        {
            ResourceType = (sbyte)ConfigResourceType.Topic,
            ResourceName = topic,
            Name = name,
            Value = value,
        };
        return Node.Metadata.AppendAsync([new MetadataRecord(record, 0)], CancellationToken.None).AsTask();
    }

    /// <summary>Appends a record; true once it is durable, false if the partition failed.</summary>
    public async Task<bool> Produce(string topic, int partition = 0)
    {
        var found = Node.Replicas.Find(topic, partition);
        Assert.NotNull(found);
        var result = found.AppendAsLeader(new ReadOnlySequence<byte>(TestBatches.Make()));
        if (result.Error != AppendError.None)
        {
            return false;
        }
        var waiter = new TaskWaiter();
        return !found.TryWaitForHighWatermark(waiter, result.LastOffset + 1) || await waiter.Reached;
    }

    /// <summary>Names of the directories that partitions lie in, over all log directories.</summary>
    public static List<string> PartitionDirectories(SimulatedFileSystem files, IEnumerable<string> directories) =>
        [.. directories.SelectMany(files.ListDirectories).Where(name => name != "__cluster_metadata-0").Order(StringComparer.Ordinal)];

    /// <summary>What the metadata log on disk says, read anew.</summary>
    public MetadataImage ReadImage()
    {
        var listener = new ImageListener(Node.ClusterId);
        new MetadataReplay(Node.LogDirectories[0].Find(MetadataLog.Partition)!, listener).Run();
        return listener.Draft.ToDelta().After;
    }

    private sealed class ImageListener(string clusterId) : IMetadataListener
    {
        public MetadataDraft Draft { get; } = new(MetadataImage.Empty(clusterId));

        public void OnSnapshot(IReadOnlyList<IMetadataRecord> records, long endOffset, int epoch) =>
            Draft.ApplySnapshot(records, endOffset, epoch);

        public void OnReplay(IMetadataRecord record, long offset, int epoch) => Draft.Apply(record, offset, epoch);

        public void OnReplayed()
        {
        }

        public void OnCommitted(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch)
        {
        }
    }

    private sealed class TaskWaiter : IOffsetWaiter
    {
        private readonly TaskCompletionSource<bool> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Reached => _source.Task;

        public void OnOffsetReached(Partition p) => _source.SetResult(true);

        public void OnPartitionFailed(Partition p, ErrorCode error) => _source.SetResult(false);
    }
}
