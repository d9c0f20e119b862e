using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

public sealed class LogDirectoryTests
{
    private readonly SimulatedFileSystem _disk = new(1);
    private readonly ManualClock _clock = new();

    private LogDirectory Open(string clusterId = "cluster", int nodeId = 1) =>
        LogDirectory.OpenWith(
            "/data", new LogDirectoryOptions { ClusterId = clusterId, NodeId = nodeId }, _disk, _clock, NullLogger.Instance, startsFlusher: false);

    private string Text(string name) => Encoding.UTF8.GetString(_disk.ReadAll("/data/" + name));

    private static PartitionLog OpenLog(LogDirectory directory, int partition = 0, string topic = "orders") =>
        directory.CreateOrOpen(new TopicPartition(topic, partition), LogStand.TopicId, new LogConfig());

    [Fact]
    public void A_log_made_by_a_process_that_was_killed_survives_a_power_cut_once_it_is_flushed()
    {
        LogStand stand = new();
        stand.Kill();
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.CutPower(survival: 0);
        Assert.Equal(1, stand.Log.LogEndOffset);
    }

    [Fact]
    public async Task The_identity_is_made_once_and_checked_after()
    {
        LogDirectory first = Open();
        Guid id = first.DirectoryId;
        await first.DisposeAsync();
        await using (LogDirectory second = Open())
            Assert.Equal(id, second.DirectoryId);
        Assert.Contains("cluster.id=cluster\n", Text("meta.properties"), StringComparison.Ordinal);
        Assert.Throws<LogDirectoryException>(() => Open(clusterId: "other"));
        Assert.Throws<LogDirectoryException>(() => Open(nodeId: 2));
        await Open().DisposeAsync();
    }

    [Fact]
    public async Task Two_cannot_have_it()
    {
        LogDirectory first = Open();
        Assert.Throws<LogDirectoryException>(() => Open());
        await first.DisposeAsync();
        await Open().DisposeAsync();
    }

    [Fact]
    public async Task Kafkas_files_are_written()
    {
        LogDirectory directory = Open();
        PartitionLog log = OpenLog(directory);
        log.Append(TestBatches.Sequence(TestBatches.Make(3)), AppendOrigin.Client, 4);
        directory.RunFlusher();
        log.AdvanceLogStart(2);
        directory.CheckpointHighWatermarks([new(log.Partition, 3)]);
        directory.CheckpointRecoveryPoints();
        directory.BrokerEpoch = 77;

        Assert.Equal("0\n1\norders 0 3\n", Text("recovery-point-offset-checkpoint"));
        Assert.Equal("0\n1\norders 0 3\n", Text("replication-offset-checkpoint"));
        Assert.Equal("0\n1\norders 0 2\n", Text("log-start-offset-checkpoint"));
        Assert.Equal("0\n1\n4 2\n", Text("orders-0/leader-epoch-checkpoint"));
        Assert.Equal("version: 0\ntopic_id: AAECAwQFBgcICQoLDA0ODw\n", Text("orders-0/partition.metadata"));
        Assert.False(_disk.FileExists("/data/.kafka_cleanshutdown"));
        await directory.DisposeAsync();
        Assert.Equal("{\"version\":0,\"brokerEpoch\":77}", Text(".kafka_cleanshutdown"));

        await using LogDirectory again = Open();
        Assert.True(again.WasCleanShutdown);
        Assert.Equal(77, again.PreviousBrokerEpoch);
        Assert.False(_disk.FileExists("/data/.kafka_cleanshutdown"));
        Assert.Equal(3, again.CheckpointedHighWatermark(log.Partition));
        Assert.Equal(new ExistingPartition(log.Partition, LogStand.TopicId), Assert.Single(again.ExistingPartitions()));
    }

    [Theory]
    [InlineData("1\n0\n")]
    [InlineData("0\n2\norders 0 3\n")]
    [InlineData("0\n1\norders 0\n")]
    [InlineData("0\n1\norders zero 3\n")]
    [InlineData("0\n1\norders 0 -3\n")]
    [InlineData("")]
    public async Task A_damaged_checkpoint_is_named(string text)
    {
        await Open().DisposeAsync();
        _disk.WriteAll("/data/recovery-point-offset-checkpoint", Encoding.UTF8.GetBytes(text));
        Assert.EndsWith("recovery-point-offset-checkpoint", Assert.Throws<CheckpointFormatException>(() => Open()).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_log_goes_in_two_steps_and_takes_its_offsets_along()
    {
        LogDirectory directory = Open();
        PartitionLog log = OpenLog(directory);
        log.Append(TestBatches.Sequence(TestBatches.Make(3)), AppendOrigin.Client, 0);
        directory.RunFlusher();
        directory.CheckpointRecoveryPoints();
        await directory.DeleteAsync(log.Partition);

        Assert.Null(directory.Find(log.Partition));
        Assert.Equal(AppendError.StorageError, log.Append(TestBatches.Sequence(TestBatches.Make(3)), AppendOrigin.Client, 0).Error);
        Assert.Matches("^orders-0\\.[0-9a-f]{32}-delete$", Assert.Single(_disk.ListDirectories("/data")));
        Assert.Empty(directory.ExistingPartitions());

        PartitionLog next = directory.CreateOrOpen(log.Partition, Guid.NewGuid(), new LogConfig());
        Assert.Equal(0, next.LogEndOffset);
        _clock.NowMs += 60000;
        directory.RemoveDueFiles();
        Assert.Equal(["orders-0"], _disk.ListDirectories("/data"));
        _disk.Kill();
        await using LogDirectory again = Open();
        Assert.Equal(0, again.CreateOrOpen(next.Partition, next.TopicId, new LogConfig()).LogEndOffset);
    }

    [Fact]
    public async Task A_deletion_under_way_at_a_stop_is_finished_at_the_next_start()
    {
        LogDirectory directory = Open();
        PartitionLog log = OpenLog(directory, topic: new string('t', 249));
        await directory.DeleteAsync(log.Partition);
        string renamed = Assert.Single(_disk.ListDirectories("/data"));
        Assert.True(renamed.Length <= 255);
        await directory.DisposeAsync();
        await using LogDirectory again = Open();
        Assert.Empty(_disk.ListDirectories("/data"));
    }

    [Fact]
    public async Task A_directory_of_another_topic_of_the_same_name_is_not_taken()
    {
        await using LogDirectory directory = Open();
        OpenLog(directory);
        await directory.DisposeAsync();
        await using LogDirectory again = Open();
        Assert.Throws<LogDirectoryException>(() => again.CreateOrOpen(LogStand.Partition, Guid.NewGuid(), new LogConfig()));
    }

    [Fact]
    public async Task A_clean_stop_is_not_claimed_for_logs_that_nobody_recovered()
    {
        LogDirectory directory = Open();
        OpenLog(directory, 0);
        OpenLog(directory, 1);
        _disk.Kill();
        LogDirectory second = Open();
        OpenLog(second, 0);
        await second.DisposeAsync();
        Assert.False(_disk.FileExists("/data/.kafka_cleanshutdown"));
        LogDirectory third = Open();
        Assert.False(third.WasCleanShutdown);
        OpenLog(third, 0);
        OpenLog(third, 1);
        await third.DisposeAsync();
        Assert.True(_disk.FileExists("/data/.kafka_cleanshutdown"));
    }

    [Theory]
    [InlineData("orders-0", "orders", 0)]
    [InlineData("a-b-c-12", "a-b-c", 12)]
    [InlineData("with.dot-3", "with.dot", 3)]
    public void Directory_names_are_partitions(string name, string topic, int partition)
    {
        Assert.True(TopicPartition.TryParse(name, out TopicPartition parsed));
        Assert.Equal(new TopicPartition(topic, partition), parsed);
        Assert.Equal(name, parsed.ToString());
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("-1")]
    [InlineData("orders-")]
    [InlineData("orders-x")]
    [InlineData("orders--1x")]
    [InlineData("orders-0.0123456789abcdef0123456789abcdef-delete")]
    [InlineData("orders-0.0123456789abcdef0123456789abcdef-future")]
    public void Other_names_are_not(string name) => Assert.False(TopicPartition.TryParse(name, out _));
}
