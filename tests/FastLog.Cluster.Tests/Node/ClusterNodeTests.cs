using FastLog.Cluster.Tests.Images;
using FastLog.Protocol;
using FastLog.Storage;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Cluster.Tests.Node;

public sealed class ClusterNodeTests
{
    private readonly SimulatedFileSystem _files = new(seed: 1);

    [Fact]
    public async Task An_empty_directory_becomes_a_cluster_of_one()
    {
        var test = await new TestNode(_files).Start();

        Assert.Equal(22, test.Node.ClusterId.Length);
        Assert.Equal(25, test.Image.Features["metadata.version"]);
        var broker = Assert.Single(test.Image.Brokers.ToArray());
        Assert.Equal((1, test.Node.BrokerEpoch, false), (broker.Id, broker.Epoch, broker.IsFenced));
        Assert.Equal(test.Node.LogDirectories.Select(directory => directory.DirectoryId), broker.LogDirectoryIds);
        Assert.Equal(1, test.Node.Metadata.Epoch);
        await test.Stop();
    }

    [Fact]
    public async Task A_topic_can_be_written_to_when_its_creation_is_answered()
    {
        var test = await new TestNode(_files).Start();

        Assert.Equal(ErrorCode.None, await test.Create("t", 3));
        var topic = test.Image.FindTopic("t")!;
        for (var index = 0; index < 3; index++)
        {
            var partition = test.Node.Replicas.Find("t", index)!;
            Assert.Same(partition, test.Node.Replicas.Find(topic.Id, index));
            Assert.Equal((topic.Id, index, 0), (partition.TopicId, partition.Index, partition.LeaderEpoch));
            Assert.True(await test.Produce("t", index));
            Assert.Equal(1, partition.HighWatermark);
        }
        Assert.Null(test.Node.Replicas.Find("t", 3));
        Assert.Null(test.Node.Replicas.Find("t", -1));
        Assert.Null(test.Node.Replicas.Find("nobody", 0));
        Assert.Null(test.Node.Replicas.Find(Guid.NewGuid(), 0));
        await test.Stop();
    }

    [Fact]
    public async Task A_restart_keeps_everything_and_leads_in_a_new_epoch()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 2, new KeyValuePair<string, string?>("retention.ms", "1234"));
        await test.Produce("t");
        var (cluster, id, epoch) = (test.Node.ClusterId, test.Image.FindTopic("t")!.Id, test.Node.BrokerEpoch);

        await test.Restart();

        Assert.Equal((cluster, id), (test.Node.ClusterId, test.Image.FindTopic("t")!.Id));
        Assert.True(test.Node.BrokerEpoch > epoch);
        Assert.Equal(2, test.Node.Metadata.Epoch);
        var partition = test.Node.Replicas.Find("t", 0)!;
        Assert.Equal((1, 1L, 1L), (partition.LeaderEpoch, partition.HighWatermark, partition.Log.LogEndOffset));
        Assert.Equal(1234, partition.Log.Config.RetentionMs);
        Assert.True(await test.Produce("t"));
        Assert.Equal((1, 0), (partition.Log.EpochOf(1), partition.Log.EpochOf(0)));
        await test.Stop();
    }

    [Fact]
    public async Task A_deleted_topic_is_gone_from_the_disk_and_whoever_waits_is_told()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 2);
        var partition = test.Node.Replicas.Find("t", 1)!;
        var waiter = new FailureWaiter();
        Assert.True(partition.TryWaitForHighWatermark(waiter, 100));

        Assert.Equal(ErrorCode.None, await test.Delete("t"));

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, waiter.Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, partition.Failure);
        Assert.Null(test.Node.Replicas.Find("t", 1));
        Assert.DoesNotContain("t-1", TestNode.PartitionDirectories(_files, test.Directories));
        await test.Create("t");
        Assert.True(await test.Produce("t"));
        Assert.Equal(1, test.Node.Replicas.Find("t", 0)!.HighWatermark);
        await test.Stop();
    }

    [Fact]
    public async Task A_changed_override_reaches_the_open_logs()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 2);
        var before = test.Node.Replicas.Find("t", 1)!;

        await test.Configure("t", "retention.ms", "77");
        Assert.Equal(77, before.Log.Config.RetentionMs);
        Assert.Equal(77, before.Settings.RetentionMs);
        await test.Configure("t", "retention.ms", null);

        Assert.Equal(604800000, before.Log.Config.RetentionMs);
        Assert.Same(before, test.Node.Replicas.Find("t", 1));
        await test.Stop();
    }

    [Fact]
    public async Task Added_partitions_are_hosted()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 1);
        await test.Produce("t");

        Assert.Equal(ErrorCode.None, await test.AddPartitions("t", 3));

        Assert.True(await test.Produce("t", 2));
        Assert.Equal(1, test.Node.Replicas.Find("t", 0)!.HighWatermark);
        await test.Stop();
    }

    [Fact]
    public async Task Two_nodes_cannot_have_one_directory()
    {
        var test = await new TestNode(_files).Start();

        var error = await Assert.ThrowsAsync<LogDirectoryException>(() => new TestNode(_files).Start());

        Assert.Equal("/data: another process holds the lock", error.Message);
        await test.Stop();
    }

    [Fact]
    public async Task Replicas_go_to_the_directory_with_the_fewest_and_are_found_there_again()
    {
        var test = await new TestNode(_files, "/a", "/b").Start();
        await test.Create("t", 4);
        await test.Produce("t", 3);

        Assert.Equal(2, TestNode.PartitionDirectories(_files, ["/a"]).Count);
        Assert.Equal(2, TestNode.PartitionDirectories(_files, ["/b"]).Count);
        await test.Restart();

        Assert.Equal(1, test.Node.Replicas.Find("t", 3)!.HighWatermark);
        Assert.Equal(4, TestNode.PartitionDirectories(_files, test.Directories).Count);
        await test.Stop();
    }

    [Fact]
    public async Task A_directory_of_an_unknown_topic_is_kept_aside_and_not_served()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("known");
        var stranger = test.Node.LogDirectories[0].CreateOrOpen(new TopicPartition("stranger", 0), Guid.NewGuid(), new LogConfig());
        Assert.NotNull(stranger);

        await test.Restart();

        Assert.Null(test.Node.Replicas.Find("stranger", 0));
        Assert.Collection(
            TestNode.PartitionDirectories(_files, test.Directories),
            name => Assert.Equal("known-0", name),
            name => Assert.Matches(@"^stranger-0\.[0-9a-f]{32}-stray$", name));
        Assert.Equal(ErrorCode.None, await test.Create("stranger"));
        Assert.True(await test.Produce("stranger"));
        await test.Restart();
        Assert.Equal(1, test.Node.Replicas.Find("stranger", 0)!.HighWatermark);
        await test.Stop();
    }

    [Fact]
    public async Task New_end_points_are_advertised_without_a_new_epoch()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t");
        var epoch = test.Node.BrokerEpoch;

        await test.Node.AdvertiseAsync([new BrokerEndPoint("PLAINTEXT", "example", 19092, 0)]);

        var broker = test.Image.FindBroker(1)!;
        Assert.Equal((epoch, false, "example", 19092),
            (broker.Epoch, broker.IsFenced, broker.EndPoints[0].Host, broker.EndPoints[0].Port));
        Assert.Equal(0, test.Node.Replicas.Find("t", 0)!.LeaderEpoch);
        await test.Stop();
    }

    [Fact]
    public async Task Producer_ids_go_on_after_a_restart()
    {
        var test = await new TestNode(_files).Start();
        var first = await test.Node.Controller.AllocateProducerIdsAsync(1, test.Node.BrokerEpoch);
        await test.Restart();
        var second = await test.Node.Controller.AllocateProducerIdsAsync(1, test.Node.BrokerEpoch);

        Assert.Equal((0L, 1000L), (first.FirstId, second.FirstId));
        await test.Stop();
    }

    [Fact]
    public async Task A_failed_metadata_log_answers_with_a_storage_error_and_changes_nothing()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("before");
        _files.Fault = (call, _) => call == "fdatasync" ? DiskException.InputOutputError : 0;

        Assert.Equal(ErrorCode.KafkaStorageError, await test.Create("t"));
        _files.Fault = null;

        Assert.Null(test.Image.FindTopic("t"));
        Assert.Equal(ErrorCode.KafkaStorageError, await test.Create("t"));
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.Find("before", 0)!.Failure);
        await test.Stop();
    }

    [Fact]
    public async Task A_full_disk_refuses_topics_until_there_is_space_again()
    {
        var test = await new TestNode(_files).Start();
        _files.Fault = (call, path) =>
            call == "pwrite" && path.Contains("__cluster_metadata-0", StringComparison.Ordinal) ? DiskException.OutOfSpace : 0;

        Assert.Equal(ErrorCode.KafkaStorageError, await test.Create("t"));
        _files.Fault = null;

        Assert.Equal(ErrorCode.None, await test.Create("t"));
        await test.Restart();
        Assert.NotNull(test.Node.Replicas.Find("t", 0));
        await test.Stop();
    }

    [Fact]
    public async Task A_partition_that_a_full_disk_had_no_room_for_is_made_later()
    {
        var test = await new TestNode(_files).Start();
        _files.Fault = (call, path) =>
            call is "creat" or "pwrite" && path.Contains("/t-0/", StringComparison.Ordinal) ? DiskException.OutOfSpace : 0;
        Assert.Equal(ErrorCode.None, await test.Create("t"));
        Assert.Null(test.Node.Replicas.Find("t", 0));

        _files.Fault = null;
        test.Node.Replicas.RetryIncomplete();

        Assert.True(await test.Produce("t"));
        await test.Stop();
    }

    [Fact]
    public async Task A_stopped_node_answers_that_it_is_no_controller()
    {
        var test = await new TestNode(_files).Start();
        await test.Stop();

        Assert.Equal(ErrorCode.NotController, await test.Create("t"));
    }

    [Fact]
    public async Task A_clean_stop_ends_waits_and_leaves_its_marker()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t");
        var waiter = new FailureWaiter();
        Assert.True(test.Node.Replicas.Find("t", 0)!.TryWaitForHighWatermark(waiter, 100));

        await test.Stop();

        Assert.Equal(ErrorCode.NotLeaderOrFollower, waiter.Error);
        await test.Start();
        Assert.True(test.Node.LogDirectories[0].WasCleanShutdown);
        await test.Stop();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_log_replayed_gives_the_image_that_was_live(int seed)
    {
        var random = new Random(seed);
        var test = await new TestNode(_files).Start();
        for (var step = 0; step < 120; step++)
        {
            var name = "topic" + random.Next(8);
            switch (random.Next(12))
            {
                case < 4:
                    await test.Create(name, random.Next(1, 5), new KeyValuePair<string, string?>("segment.bytes", $"{random.Next(9999) + 1024}"));
                    break;
                case < 6:
                    await test.Delete(name);
                    break;
                case < 8:
                    await test.AddPartitions(name, random.Next(1, 8));
                    break;
                case 8 when test.Image.FindTopic(name) is not null:
                    await test.Configure(name, "retention.ms", random.Next(2) == 0 ? null : $"{random.Next(100000)}");
                    break;
                case 9:
                    await test.Node.Controller.AllocateProducerIdsAsync(1, test.Node.BrokerEpoch);
                    break;
                case 10 when random.Next(3) == 0:
                    await test.Restart();
                    break;
            }
            if (step % 20 == 19)
            {
                Assert.True(ImageText.Of(test.Image) == ImageText.Of(test.ReadImage()), $"seed {seed}, step {step}");
            }
        }
        var expected = test.Image.Topics.SelectMany(topic => Enumerable.Range(0, topic.PartitionsCount).Select(index => $"{topic.Name}-{index}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), test.Node.Replicas.Partitions.Select(partition => partition.ToString()).Order(StringComparer.Ordinal));
        await test.Stop();
    }

    private sealed class FailureWaiter : IOffsetWaiter
    {
        public ErrorCode? Error { get; private set; }

        public void OnOffsetReached(Partition p)
        {
        }

        public void OnPartitionFailed(Partition p, ErrorCode error) => Error = error;
    }
}
