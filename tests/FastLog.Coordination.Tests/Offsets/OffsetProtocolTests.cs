using FastLog.Coordination.Tests.Shards;
using FastLog.Coordination.Tests.Stored;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Coordination.Tests.Offsets;

public sealed class OffsetProtocolTests : IDisposable
{
    private const long RetentionMs = 3_600_000;

    private readonly RunnerBench _bench = new(options: new GroupCoordinatorOptions
    {
        InitialRebalanceDelayMs = 0,
        OffsetsRetentionMs = RetentionMs,
        OffsetMetadataBytesMax = 8,
    });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_was_committed_is_fetched_with_epoch_and_text_here_and_after_a_reload()
    {
        Assert.Equal(ErrorCode.None, _bench.Commit(offset: 7, with: request => request.Topics[0].Partitions[0].CommittedMetadata = "text"));
        var fetched = _bench.Fetch();
        Assert.Equal((7, 3, "text"), (fetched.CommittedOffset, fetched.CommittedLeaderEpoch, fetched.Metadata));
        Assert.Equal(ErrorCode.None, _bench.Commit(offset: 5));
        Assert.Equal(5, _bench.Fetch().CommittedOffset);
        Assert.Equal(5, _bench.OffsetAfterReload());
        Assert.Equal(1, _bench.Shard.Offsets.Count);
    }

    [Fact]
    public void What_was_not_committed_is_no_error_and_no_offset()
    {
        _bench.Commit();
        foreach (var fetched in new[] { _bench.Fetch(partition: 3), _bench.Fetch(topic: "nowhere"), _bench.Fetch(group: "nobody") })
        {
            Assert.Equal((ErrorCode.None, -1, -1, ""), (fetched.ErrorCode, fetched.CommittedOffset, fetched.CommittedLeaderEpoch, fetched.Metadata));
        }
    }

    [Fact]
    public void All_offsets_of_a_group_are_fetched_without_naming_them()
    {
        _bench.Commit(partition: 0, offset: 1);
        _bench.Commit(partition: 3, offset: 4);
        _bench.Commit(topic: "u", offset: 9);
        _bench.Commit(group: "other", offset: 100);
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "g", Topics = null };
        var response = _bench.Ask<OffsetFetchResponse.OffsetFetchResponseGroup>(
            (shard, turn, reply) => shard.OffsetFetch(turn, request, mustBeStable: false, reply));
        Assert.Equal(
            ["t-0 1", "t-3 4", "u-0 9"],
            response.Topics.SelectMany(topic => topic.Partitions.Select(
                place => $"{topic.Name}-{place.PartitionIndex} {place.CommittedOffset}")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("t", 4, "", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("t", -1, "", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("nowhere", 0, "", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("t", 0, "12345678", ErrorCode.None)]
    [InlineData("t", 0, "123456789", ErrorCode.OffsetMetadataTooLarge)]
    [InlineData("t", 0, "ééééé", ErrorCode.OffsetMetadataTooLarge)]
    public void A_commit_is_checked_by_partition(string topic, int partition, string text, ErrorCode error)
    {
        Assert.Equal(error, _bench.Commit("g", topic, partition, 6, request => request.Topics[0].Partitions[0].CommittedMetadata = text));
        Assert.Equal(error == ErrorCode.None ? 6 : null, _bench.OffsetAfterReload("g", topic, partition));
    }

    [Fact]
    public void A_member_of_a_group_that_is_not_there_cannot_commit()
    {
        Assert.Equal(ErrorCode.GroupIdNotFound, _bench.Commit(with: request =>
            (request.GenerationIdOrMemberEpoch, request.MemberId) = (4, "m")));
        Assert.Empty(_bench.Shard.Groups.All);
    }

    [Fact]
    public void Offsets_of_a_group_without_members_expire_with_time()
    {
        _bench.Commit(partition: 0, offset: 1);
        _bench.Time.Advance(RetentionMs / 2);
        _bench.Commit(partition: 1, offset: 2);
        _bench.Time.Advance((RetentionMs / 2) - 1);
        Assert.Equal([], Expire());
        _bench.Time.Advance(1);
        Assert.Equal(["t-0"], Expire());
        _bench.Time.Advance(RetentionMs);
        Assert.Equal(["t-1"], Expire());
        Assert.Empty(_bench.Shard.Groups.All);
        Assert.Null(_bench.OffsetAfterReload());
        Assert.Null(_bench.OffsetAfterReload(partition: 1));
    }

    [Fact]
    public void An_old_clients_retention_time_goes_before_the_configured_one()
    {
        _bench.Commit(partition: 0, with: request => request.RetentionTimeMs = 1_000);
        _bench.Commit(partition: 1, with: request => request.RetentionTimeMs = 2 * RetentionMs);
        _bench.Commit(partition: 2);
        var expiry = _bench.Shard.Offsets.Find("g", "t", 0)!.ExpireTimestampMs;
        Assert.Equal(_bench.Time.NowMs + 1_000, expiry);
        _bench.Time.Advance(999);
        Assert.Equal([], Expire());
        _bench.Time.Advance(1);
        Assert.Equal(["t-0"], Expire());
        _bench.Time.Advance(RetentionMs);
        Assert.Equal(["t-2"], Expire());
        Assert.Equal(1, _bench.OffsetAfterReload(partition: 1));
        _bench.Time.Advance(RetentionMs);
        Assert.Equal(["t-1"], Expire());
        Assert.Empty(_bench.Shard.Groups.All);
    }

    [Fact]
    public void More_offsets_than_one_batch_takes_expire_by_and_by()
    {
        _bench.Topics = _bench.Topics.With("large", 2_500);
        for (var partition = 0; partition < 2_500; partition++)
        {
            _bench.Commit(topic: "large", partition: partition);
        }

        _bench.Time.Advance(RetentionMs);
        var batches = _bench.Log.BatchesCount;
        Assert.Equal(2_500, Expire().Count);
        Assert.Equal(batches + 3, _bench.Log.BatchesCount);
        Assert.Empty(_bench.Shard.Groups.All);
        Assert.Equal(0, _bench.Shard.Offsets.Count);
    }

    [Fact]
    public void Deleting_a_group_takes_its_offsets_along()
    {
        _bench.Commit();
        _bench.Commit(partition: 1);
        _bench.Commit(group: "other");
        Assert.Equal(ErrorCode.None, Delete("g"));
        Assert.Equal(ErrorCode.GroupIdNotFound, Delete("g"));
        Assert.Equal(["other"], _bench.Shard.AllIds());
        Assert.Null(_bench.OffsetAfterReload());
        Assert.Equal(1, _bench.OffsetAfterReload("other"));
    }

    [Fact]
    public void Single_offsets_are_deleted_unless_the_group_subscribes()
    {
        _bench.Commit();
        _bench.Commit(partition: 1);
        Assert.Equal((ErrorCode.None, ErrorCode.None), DeleteOffset("g", partition: 1));
        Assert.Equal((ErrorCode.None, ErrorCode.None), DeleteOffset("g", partition: 2));
        Assert.Equal((ErrorCode.GroupIdNotFound, ErrorCode.None), DeleteOffset("nobody", partition: 1));
        Assert.Equal((1, null), (_bench.OffsetAfterReload(), _bench.OffsetAfterReload(partition: 1)));

        var heartbeat = new ConsumerGroupHeartbeatRequest
        {
            GroupId = "c",
            MemberId = "m",
            RebalanceTimeoutMs = 1_000,
            SubscribedTopicNames = [],
            TopicPartitions = [],
        };
        heartbeat.SubscribedTopicNames.Add("t");
        var joined = _bench.Ask<ConsumerGroupHeartbeatResponse>(
            (shard, turn, reply) => shard.ConsumerGroupHeartbeat(turn, new RequestOrigin("c", "/h", 1), heartbeat, reply));
        Assert.Equal(ErrorCode.None, _bench.Commit("c", with: request =>
            (request.MemberId, request.GenerationIdOrMemberEpoch) = ("m", joined.MemberEpoch)));
        Assert.Equal((ErrorCode.None, ErrorCode.GroupSubscribedToTopic), DeleteOffset("c", partition: 0));
        Assert.Equal(ErrorCode.NonEmptyGroup, Delete("c"));
        Assert.Equal(ErrorCode.StaleMemberEpoch, _bench.Commit("c", with: request =>
            (request.MemberId, request.GenerationIdOrMemberEpoch) = ("m", joined.MemberEpoch + 1)));
        Assert.Equal(1, _bench.OffsetAfterReload("c"));
    }

    [Fact]
    public void Offsets_of_deleted_topics_go_and_others_stay()
    {
        _bench.Commit();
        _bench.Commit(topic: "u");
        _bench.Runner.RunForAll((shard, turn, id) => shard.DeleteTopics(turn, id, new HashSet<string> { "t" }));
        Assert.Equal((null, 1), (_bench.OffsetAfterReload(), _bench.OffsetAfterReload(topic: "u")));
    }

    [Fact]
    public void An_offset_that_a_transaction_may_change_is_unstable_and_stays()
    {
        _bench.Commit(offset: 1);
        Replay(CoordinatorBatchTests.Batch(
            builder => CoordinatorBatchTests.Append(builder, CoordinatorBatchTests.Offset(2)), producerId: 7));
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1), Fetched(mustBeStable: true));
        Assert.Equal((ErrorCode.None, 1), Fetched(mustBeStable: false));
        Assert.Equal(ErrorCode.None, _bench.Fetch(partition: 1, mustBeStable: true).ErrorCode);
        _bench.Time.Advance(RetentionMs);
        Assert.Equal([], Expire());

        Replay(CoordinatorBatchTests.Marker(7, ControlRecordType.Commit));
        Assert.Equal((ErrorCode.None, 2), Fetched(mustBeStable: true));

        (ErrorCode Error, long Offset) Fetched(bool mustBeStable)
        {
            var fetched = _bench.Fetch(mustBeStable: mustBeStable);
            return (fetched.ErrorCode, fetched.CommittedOffset);
        }
    }

    private void Replay(byte[] bytes)
    {
        using var reader = new CoordinatorBatchReader();
        reader.Read(bytes, _bench.Shard);
    }

    private List<string> Expire()
    {
        var before = Places();
        _bench.Runner.RunForAll((shard, turn, id) => shard.ExpireOffsets(turn, id));
        return [.. before.Except(Places())];
    }

    private List<string> Places() =>
    [
        .. _bench.Shard.Offsets.Groups.Values.SelectMany(group => group.Topics)
            .SelectMany(topic => topic.Value.Keys.Select(partition => $"{topic.Key}-{partition}")),
    ];

    private ErrorCode Delete(string group) => _bench.Ask<DeleteGroupsResponse.DeletableGroupResult>(
        (shard, turn, reply) => shard.DeleteGroup(turn, group, reply)).ErrorCode;

    private (ErrorCode Group, ErrorCode Partition) DeleteOffset(string group, int partition)
    {
        var request = new OffsetDeleteRequest { GroupId = group };
        var topic = request.Topics.Add();
        topic.Name = "t";
        topic.Partitions.Add().PartitionIndex = partition;
        var response = _bench.Ask<OffsetDeleteResponse>((shard, turn, reply) => shard.OffsetDelete(turn, request, reply));
        return (response.ErrorCode, response.Topics.Count == 0 ? ErrorCode.None : response.Topics[0].Partitions[0].ErrorCode);
    }
}
