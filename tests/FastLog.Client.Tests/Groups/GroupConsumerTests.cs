using System.Collections.Concurrent;
using FastLog.Client.Tests.Consuming;
using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;

namespace FastLog.Client.Tests.Groups;

public class GroupConsumerTests
{
    private static readonly TopicAndPartition First = new("t", 0);

    public static TheoryData<GroupProtocol, bool> Kinds => new()
    {
        { GroupProtocol.Classic, false },
        { GroupProtocol.Classic, true },
        { GroupProtocol.Consumer, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_group_goes_on_where_it_was_when_its_member_closed(GroupProtocol protocol, bool cooperative)
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 10, 10);
        await using (Consumer consumer = new(Options(cluster, protocol, cooperative)))
        {
            consumer.Subscribe(["t"]);
            Assert.Equal(Offsets(0, 30), (await TakeAsync(consumer, 30)).Select(record => record.Offset));
            await consumer.CloseAsync();
        }

        Assert.Equal(30, Group(cluster).Offsets[First].Offset);
        Assert.Equal(0, Group(cluster).MembersCount);
        await using Consumer next = new(Options(cluster, protocol, cooperative));
        next.Subscribe(["t"]);
        Assert.Equal(Offsets(30, 70), (await TakeAsync(next, 70)).Select(record => record.Offset));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_members_share_and_every_record_is_read_when_one_leaves(GroupProtocol protocol, bool cooperative)
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 6);
        ConcurrentBag<(int Partition, long Offset)> read = [];
        RecordingListener heard = new();
        await using Consumer one = new(Options(cluster, protocol, cooperative));
        one.Subscribe(["t"], heard);
        using CancellationTokenSource stopOne = new();
        Task readingOne = ReadAllAsync(one, read, stopOne.Token);
        await Wait.UntilAsync(() => one.Assignment.Count == 6);
        Consumer two = new(Options(cluster, protocol, cooperative));
        two.Subscribe(["t"]);
        using CancellationTokenSource stopTwo = new();
        Task readingTwo = ReadAllAsync(two, read, stopTwo.Token);
        await Wait.UntilAsync(() => one.Assignment.Count == 3 && two.Assignment.Count == 3);
        Assert.Empty(one.Assignment.Intersect(two.Assignment));
        Assert.Empty(heard.Lost);
        // A cooperative member gives up only what moves.
        Assert.Equal(protocol == GroupProtocol.Classic && !cooperative ? 6 : 3, heard.Revoked.Count);
        Append(cluster, partitions);
        await Wait.UntilAsync(() => read.Distinct().Count() == 60);
        await stopTwo.CancelAsync();
        await readingTwo;
        await two.CloseAsync();
        await Wait.UntilAsync(() => one.Assignment.Count == 6);
        Append(cluster, partitions);
        await Wait.UntilAsync(() => read.Distinct().Count() == 120);
        await stopOne.CancelAsync();
        await readingOne;
        await one.CloseAsync();
        Assert.All(Enumerable.Range(0, 6), partition => Assert.Equal(20, Group(cluster).Offsets[new("t", partition)].Offset));
    }

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_member_that_was_removed_loses_everything_and_comes_back(GroupProtocol protocol)
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 10, 10);
        RecordingListener heard = new();
        await using Consumer consumer = new(Options(cluster, protocol));
        consumer.Subscribe(["t"], heard);
        await TakeAsync(consumer, 20);
        lock (cluster.Gate)
        {
            Group(cluster).Expel(Group(cluster).MemberIds[0]);
        }

        await ReadUntilAsync(consumer, () => heard.Lost.Contains(First) && heard.Assigned.Count == 2);
        Assert.Empty(heard.Revoked);
        await Wait.UntilAsync(() => Group(cluster).MembersCount == 1);
    }

    [Fact]
    public async Task What_is_in_the_application_s_hands_is_not_committed_before_it_comes_back()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 2, 10);
        ConsumerOptions options = Options(cluster) with { AutoCommitIntervalMs = 1 };
        Consumer consumer = new(options);
        consumer.Subscribe(["t"]);
        FetchedRecords fetched = await consumer.ReadAsync(Wait.Timeout());
        fetched.Dispose();
        // Disposed, but then the application failed: it neither read on nor closed.
        await consumer.DisposeAsync();
        Assert.True(Group(cluster).Offsets.GetValueOrDefault(First).Offset <= 0);
        consumer = new(options);
        consumer.Subscribe(["t"]);
        long next = 0;
        while (next < 20)
        {
            fetched = await consumer.ReadAsync(Wait.Timeout());
            next = fetched.NextOffset;
            fetched.Dispose();
        }

        Assert.False(consumer.TryRead(out _));
        await Wait.UntilAsync(() => Group(cluster).Offsets[First].Offset == 20);
        await consumer.DisposeAsync();
    }

    [Fact]
    public async Task At_most_once_commits_before_and_gives_back_what_was_not_handed_over()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 10, 10);
        ConsumerOptions options = Options(cluster) with { Delivery = DeliverySemantics.AtMostOnce };
        Consumer consumer = new(options);
        consumer.Subscribe(["t"]);
        long next = 0;
        while (next < 40)
        {
            using FetchedRecords fetched = await consumer.ReadAsync(Wait.Timeout());
            next = fetched.NextOffset;
            Assert.True(Group(cluster).Offsets[First].Offset >= next, "handed over before it was committed");
        }

        await consumer.DisposeAsync();
        Assert.Equal(next, Group(cluster).Offsets[First].Offset);
    }

    [Fact]
    public async Task Records_that_were_not_taken_are_read_again()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 3, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Subscribe(["t"]);
        long stoppedAt = -1;
        await foreach (ConsumedRecord record in consumer.RecordsAsync(Wait.Timeout()))
        {
            stoppedAt = record.Offset;
            if (stoppedAt == 14)
            {
                break;
            }
        }

        Assert.Equal(15, consumer.Position(First));
        await consumer.CommitAsync();
        Assert.Equal(15, Group(cluster).Offsets[First].Offset);
        Assert.Equal(15, (await TakeAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task A_commit_between_two_records_does_not_commit_those_that_are_still_to_come()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 3, 10);
        await using Consumer consumer = new(Options(cluster) with { EnableAutoCommit = false });
        consumer.Subscribe(["t"]);
        await foreach (ConsumedRecord record in consumer.RecordsAsync(Wait.Timeout()))
        {
            await consumer.CommitAsync();
            Assert.Equal(record.Offset + 1, Group(cluster).Offsets[First].Offset);
            Assert.Equal(record.Offset + 1, consumer.Position(First));
            if (record.Offset == 24)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task At_most_once_takes_back_a_commit_of_which_it_did_not_hear()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        ConsumerTests.Fill(partition, 1, 10);
        Consumer consumer = new(Options(cluster) with { Delivery = DeliverySemantics.AtMostOnce });
        consumer.Subscribe(["t"]);
        (await consumer.ReadAsync(Wait.Timeout())).Dispose();
        lock (cluster.Gate)
        {
            Group(cluster).Fail(ApiKey.OffsetCommit, ErrorCode.UnknownServerError);
            ConsumerTests.Fill(partition, 1, 10);
        }

        await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        lock (cluster.Gate)
        {
            Group(cluster).Offsets[First] = new OffsetAndMetadata(20);
        }

        await consumer.DisposeAsync();
        Assert.Equal(10, Group(cluster).Offsets[First].Offset);
    }

    [Fact]
    public async Task What_a_failing_listener_was_told_of_is_read_all_the_same()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 1, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Subscribe(["t"], new RecordingListener { OnAssigned = () => throw new InvalidDataException() });
        await Assert.ThrowsAsync<InvalidDataException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        Assert.Equal(Offsets(0, 10), (await TakeAsync(consumer, 10)).Select(record => record.Offset));
    }

    [Fact]
    public async Task A_member_that_failed_rests()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        Group(cluster).Fail(ApiKey.JoinGroup, ErrorCode.GroupMaxSizeReached);
        RestingTime time = new();
        await using Consumer consumer = new(Options(cluster) with { TimeProvider = time });
        consumer.Subscribe(["t"]);
        await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        await Wait.UntilAsync(() => time.LongestRest == TimeSpan.FromMilliseconds(int.MaxValue));
    }

    [Theory]
    [InlineData(ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.CoordinatorLoadInProgress)]
    [InlineData(ErrorCode.CoordinatorNotAvailable)]
    public async Task What_passes_is_waited_out(ErrorCode error)
    {
        foreach (GroupProtocol protocol in Enum.GetValues<GroupProtocol>())
        {
            await using FakeCluster cluster = new(brokersCount: 2);
            ConsumerTests.Fill(cluster.Create("t")[0], 1, 10);
            FakeGroup group = Group(cluster);
            foreach (ApiKey api in new[] { ApiKey.FindCoordinator, ApiKey.JoinGroup, ApiKey.SyncGroup, ApiKey.Heartbeat,
                ApiKey.OffsetFetch, ApiKey.OffsetCommit, ApiKey.ConsumerGroupHeartbeat })
            {
                group.Fail(api, error, error);
            }

            await using Consumer consumer = new(Options(cluster, protocol));
            consumer.Subscribe(["t"]);
            await TakeAsync(consumer, 10);
            lock (cluster.Gate)
            {
                cluster.CoordinatorIndex = 1;
                cluster.Brokers[0].DisconnectAll();
            }

            await consumer.CommitAsync();
            Assert.Equal(10, group.Offsets[First].Offset);
        }
    }

    [Fact]
    public async Task Commits_carry_leader_epoch_and_metadata_and_can_be_read_back()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 1, 10);
        await using Consumer consumer = new(Options(cluster) with { EnableAutoCommit = false });
        consumer.AssignAtCommitted(First);
        await TakeAsync(consumer, 10);
        await consumer.CommitAsync(new Dictionary<TopicAndPartition, OffsetAndMetadata> { [First] = new(7, 3, "mine") });
        IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata> committed = await consumer.CommittedAsync([First, new("t", 1)]);
        Assert.Equal(new OffsetAndMetadata(7, 3, "mine"), Assert.Single(committed).Value);
        await consumer.CommitOnceAsync();
        Assert.Equal(10, (await consumer.CommittedAsync([First]))[First].Offset);
        Group(cluster).Fail(ApiKey.OffsetCommit, ErrorCode.IllegalGeneration);
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => consumer.CommitAsync());
        Assert.Equal(ErrorCode.IllegalGeneration, e.ErrorCode);
    }

    [Fact]
    public async Task Old_brokers_are_spoken_to_in_old_versions()
    {
        await using FakeCluster cluster = new();
        cluster.VersionMax[ApiKey.FindCoordinator] = 3;
        cluster.VersionMax[ApiKey.OffsetFetch] = 5;
        cluster.VersionMax[ApiKey.OffsetCommit] = 5;
        cluster.VersionMax[ApiKey.LeaveGroup] = 2;
        cluster.VersionMax[ApiKey.JoinGroup] = 4;
        ConsumerTests.Fill(cluster.Create("t")[0], 1, 10);
        await using (Consumer consumer = new(Options(cluster)))
        {
            consumer.Subscribe(["t"]);
            await TakeAsync(consumer, 5);
            await consumer.CloseAsync();
        }

        Assert.Equal(0, Group(cluster).MembersCount);
        await using Consumer next = new(Options(cluster));
        next.Subscribe(["t"]);
        Assert.Equal(5, (await TakeAsync(next, 1))[0].Offset);
    }

    [Fact]
    public async Task A_listener_may_seek_in_what_it_is_assigned()
    {
        await using FakeCluster cluster = new();
        ConsumerTests.Fill(cluster.Create("t")[0], 10, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Subscribe(["t"], new RecordingListener { OnAssigned = () => consumer.Seek(First, StartPosition.AtOffset(42)) });
        Assert.Equal(42, (await TakeAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task Nothing_committed_and_no_reset_is_an_error()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        await using Consumer consumer = new(Options(cluster) with { OffsetReset = OffsetReset.None });
        consumer.Subscribe(["t"]);
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        Assert.Equal(ErrorCode.OffsetOutOfRange, e.ErrorCode);
        Assert.Contains("committed nothing", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GroupProtocol.Classic, ApiKey.JoinGroup, ErrorCode.GroupMaxSizeReached)]
    [InlineData(GroupProtocol.Classic, ApiKey.Heartbeat, ErrorCode.FencedInstanceId)]
    [InlineData(GroupProtocol.Consumer, ApiKey.ConsumerGroupHeartbeat, ErrorCode.UnreleasedInstanceId)]
    public async Task What_does_not_pass_ends_reading(GroupProtocol protocol, ApiKey api, ErrorCode error)
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        Group(cluster).Fail(api, error);
        await using Consumer consumer = new(Options(cluster, protocol));
        consumer.Subscribe(["t"]);
        for (int i = 0; i < 2; i++)
        {
            KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
            Assert.Equal(error, e.ErrorCode);
        }
    }

    [Fact]
    public async Task A_pattern_finds_topics_that_come_later()
    {
        await using FakeCluster cluster = new();
        cluster.Create("other");
        await using Consumer consumer = new(Options(cluster) with { MetadataAgeMsMax = 5 });
        consumer.SubscribePattern("t[0-9]");
        Task<List<ConsumedRecord>> reading = TakeAsync(consumer, 10);
        ConsumerTests.Fill(cluster.Create("t1")[0], 1, 10);
        Assert.All(await reading, record => Assert.Equal("t1", record.Topic));
    }

    [Fact]
    public async Task A_consumer_subscribes_or_is_assigned_and_needs_a_group_to_do_so()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        await using Consumer consumer = new(Options(cluster));
        consumer.Subscribe(["t"]);
        Assert.Throws<InvalidOperationException>(() => consumer.Assign(First, StartPosition.Earliest));
        await consumer.UnsubscribeAsync();
        consumer.Assign(First, StartPosition.Earliest);
        Assert.Throws<InvalidOperationException>(() => consumer.Subscribe(["t"]));
        await using Consumer loner = new(ConsumerTests.Options(cluster));
        Assert.Throws<InvalidOperationException>(() => loner.Subscribe(["t"]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => loner.CommitAsync());
    }

    internal static ConsumerOptions Options(
        FakeCluster cluster, GroupProtocol protocol = GroupProtocol.Classic, bool cooperative = false) =>
        ConsumerTests.Options(cluster) with
        {
            GroupId = "g",
            GroupProtocol = protocol,
            HeartbeatIntervalMs = 10,
            MaxPartitionFetchBytes = 300,
            AssignmentStrategies = cooperative
                ? [AssignmentStrategy.CooperativeSticky]
                : [AssignmentStrategy.Range, AssignmentStrategy.CooperativeSticky],
        };

    private static FakeGroup Group(FakeCluster cluster)
    {
        lock (cluster.Gate)
        {
            return cluster.Group("g");
        }
    }

    private static IEnumerable<long> Offsets(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i);

    private static void Append(FakeCluster cluster, FakePartition[] partitions)
    {
        lock (cluster.Gate)
        {
            foreach (FakePartition partition in partitions)
            {
                ConsumerTests.Fill(partition, 1, 10);
            }
        }
    }

    private static async Task<List<ConsumedRecord>> TakeAsync(Consumer consumer, int count)
    {
        List<ConsumedRecord> records = [];
        await foreach (ConsumedRecord record in consumer.RecordsAsync(Wait.Timeout()))
        {
            records.Add(record);
            if (records.Count == count)
            {
                break;
            }
        }

        return records;
    }

    private static async Task ReadAllAsync(
        Consumer consumer, ConcurrentBag<(int Partition, long Offset)> read, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ConsumedRecord record in consumer.RecordsAsync(cancellationToken))
            {
                read.Add((record.Partition, record.Offset));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private static async Task ReadUntilAsync(Consumer consumer, Func<bool> condition)
    {
        while (!condition())
        {
            using CancellationTokenSource soon = new(20);
            try
            {
                using FetchedRecords fetched = await consumer.ReadAsync(soon.Token);
            }
            catch (OperationCanceledException)
            {
                // Looks at the condition again.
            }
        }
    }

    private sealed class RecordingListener : IRebalanceListener
    {
        public ConcurrentBag<TopicAndPartition> Assigned { get; } = [];

        public ConcurrentBag<TopicAndPartition> Revoked { get; } = [];

        public ConcurrentBag<TopicAndPartition> Lost { get; } = [];

        public Action? OnAssigned { get; init; }

        public Task OnAssignedAsync(IReadOnlyCollection<TopicAndPartition> partitions) => Note(Assigned, partitions, OnAssigned);

        public Task OnRevokedAsync(IReadOnlyCollection<TopicAndPartition> partitions) => Note(Revoked, partitions, null);

        public Task OnLostAsync(IReadOnlyCollection<TopicAndPartition> partitions) => Note(Lost, partitions, null);

        private static Task Note(ConcurrentBag<TopicAndPartition> into, IReadOnlyCollection<TopicAndPartition> partitions, Action? act)
        {
            Assert.NotEmpty(partitions);
            foreach (TopicAndPartition partition in partitions)
            {
                into.Add(partition);
            }

            act?.Invoke();
            return Task.CompletedTask;
        }
    }
}
