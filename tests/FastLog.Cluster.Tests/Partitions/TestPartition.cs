using FastLog.Cluster.Configs;
using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Cluster.Tests.Partitions;

/// <summary>A partition on a real log whose durable end the test moves by hand, as a flusher would.</summary>
internal sealed class TestPartition : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly LogDirectory _directory;

    public TestPartition()
    {
        var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
        _directory = LogDirectory.Open(
            _scratch.Sub("data"), options, new PosixFileSystem(), TimeProvider.System, NullLogger.Instance);
        var id = Guid.NewGuid();
        var log = _directory.CreateOrOpen(new TopicPartition("t", 0), id, new LogConfig());
        var image = new PartitionImage { Replicas = [1], Isr = [1], Leader = 1, LeaderEpoch = 3, PartitionEpoch = 3 };
        Partition = new Partition(
            "t", id, 0, log, image, new TopicConfig(BrokerConfigValues.Defaults, TopicImage.NoOverrides).Settings, NullLogger.Instance);
    }

    public Partition Partition { get; }

    public void MoveDurableEnd(long offset) => ((ILogListener)Partition).OnDurableEndAdvanced(Partition.Log, offset);

    public void FailLog() => ((ILogListener)Partition).OnFailed(Partition.Log, new DiskException("fdatasync", "x", 5));

    public void Dispose()
    {
        _directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _scratch.Dispose();
    }
}
