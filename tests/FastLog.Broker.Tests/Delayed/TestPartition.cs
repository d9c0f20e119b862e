using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Broker.Tests.Delayed;

/// <summary>A partition on a real log whose durable end the test moves by hand, as a flusher would.</summary>
internal sealed class TestPartition : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("fastlog-partition-test-").FullName;
    private readonly LogDirectory _directory;

    public TestPartition()
    {
        var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
        _directory = LogDirectory.Open(
            _path, options, new PosixFileSystem(), TimeProvider.System, NullLogger.Instance);
        var id = Guid.NewGuid();
        var log = _directory.CreateOrOpen(new TopicPartition("t", 0), id, new LogConfig());
        var image = new PartitionImage { Replicas = [1], Isr = [1], Leader = 1, LeaderEpoch = 0, PartitionEpoch = 0 };
        Partition = new Partition(
            "t", id, 0, log, image, new TopicConfig(BrokerConfigValues.Defaults, TopicImage.NoOverrides).Settings,
            NullLogger.Instance);
    }

    public Partition Partition { get; }

    public void MoveDurableEnd(long offset) => ((ILogListener)Partition).OnDurableEndAdvanced(Partition.Log, offset);

    public void FailLog() => ((ILogListener)Partition).OnFailed(Partition.Log, new DiskException("fdatasync", "x", 5));

    public void Dispose()
    {
        _directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_path, recursive: true);
    }
}
