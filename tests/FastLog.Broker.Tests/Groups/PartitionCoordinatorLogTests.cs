using FastLog.Broker.Groups;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Coordination;
using FastLog.Records;
using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Broker.Tests.Groups;

public sealed class PartitionCoordinatorLogTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("fastlog-coordinator-log-test-").FullName;
    private readonly Guid _topicId = Guid.NewGuid();

    public void Dispose() => Directory.Delete(_path, recursive: true);

    /// <summary>
    /// Compaction may leave nothing of a segment, and the next one may be empty too: it was begun, but the disk was full or
    /// the machine stopped.
    /// </summary>
    [Fact]
    public void A_log_that_ends_behind_its_last_batch_is_read_to_its_end()
    {
        WithLog(log => Assert.Equal(Protocol.ErrorCode.None, log.Append(Batch(), out _)));
        foreach (var baseOffset in new[] { 3, 5 })
        {
            File.WriteAllBytes(Path.Combine(_path, "t-0", $"{baseOffset:D20}.log"), []);
        }

        WithLog(log =>
        {
            Assert.Equal((0, 5), (log.StartOffset, log.EndOffset));
            byte[] buffer = [];
            Assert.Equal(Batch().Length, log.Read(0, ref buffer, out var nextOffset));
            Assert.Equal(3, nextOffset);
            Assert.Equal(0, log.Read(nextOffset, ref buffer, out nextOffset));
            Assert.Equal(log.EndOffset, nextOffset);
            using var runner = new ShardRunner(
                new GroupShard(new GroupCoordinatorOptions(), Guid.NewGuid),
                log,
                new ShardRunnerOptions(
                    static () => new ImageTopics(MetadataImage.Empty("c")),
                    CompressionType.None,
                    new SteadyClock(TimeProvider.System),
                    TimeProvider.System,
                    NullLogger.Instance));
            runner.Load(CancellationToken.None);
            Assert.True(runner.IsActive);
        });
    }

    private static byte[] Batch()
    {
        using var builder = new RecordBatchBuilder();
        builder.Begin();
        // A key of a kind that nobody knows, which is passed over.
        builder.TryAppend(1, [0x7F, 0], keyIsNull: false, [1], valueIsNull: false);
        return builder.Build().ToArray();
    }

    private void WithLog(Action<ICoordinatorLog> use)
    {
        var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
        var directory = LogDirectory.Open(
            _path, options, new PosixFileSystem(), TimeProvider.System, NullLogger.Instance);
        try
        {
            var log = directory.CreateOrOpen(new TopicPartition("t", 0), _topicId, new LogConfig());
            var image = new PartitionImage { Replicas = [1], Isr = [1], Leader = 1, LeaderEpoch = 0, PartitionEpoch = 0 };
            var settings = new TopicConfig(BrokerConfigValues.Defaults, TopicImage.NoOverrides).Settings;
            use(new PartitionCoordinatorLog(
                new Partition("t", _topicId, 0, log, image, settings, NullLogger.Instance), 1 << 16));
        }
        finally
        {
            directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
