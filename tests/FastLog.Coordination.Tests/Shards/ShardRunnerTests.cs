using FastLog.Coordination.Tests.Simulation;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Shards;

public sealed class ShardRunnerTests
{
    [Fact]
    public void Nothing_is_taken_before_the_log_is_read()
    {
        var log = new SimulatedLog();
        using (var before = new RunnerBench(log))
        {
            before.Commit(offset: 8);
        }

        using var bench = new RunnerBench(log, isLoaded: false);
        Assert.False(bench.Runner.IsActive);
        Assert.Equal([ErrorCode.CoordinatorLoadInProgress], bench.SendCommit());
        bench.Runner.Load(CancellationToken.None);
        Assert.True(bench.Runner.IsActive);
        Assert.Equal(8, bench.Fetch().CommittedOffset);
    }

    [Fact]
    public void Offsets_of_topics_that_are_deleted_meanwhile_go_when_the_log_is_read()
    {
        var log = new SimulatedLog();
        using (var before = new RunnerBench(log))
        {
            before.Commit(topic: "t", offset: 8);
            before.Commit(topic: "u", offset: 9);
        }

        using var bench = new RunnerBench(log, isLoaded: false);
        bench.Runner.RunForAll((shard, turn, id) => shard.DeleteTopics(turn, id, new HashSet<string> { "t" }));
        bench.Runner.Load(CancellationToken.None);
        Assert.Equal(-1, bench.Fetch(topic: "t").CommittedOffset);
        Assert.Equal(9, bench.Fetch(topic: "u").CommittedOffset);
        Assert.Null(bench.OffsetAfterReload(topic: "t"));
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_refused()
    {
        var log = new SimulatedLog();
        using (var before = new RunnerBench(log))
        {
            before.Commit();
        }

        log.IsUnreadable = true;
        using var bench = new RunnerBench(log);
        Assert.False(bench.Runner.IsActive);
        Assert.Equal([ErrorCode.NotCoordinator], bench.SendCommit());
    }

    [Fact]
    public void Answers_wait_for_the_disk_in_the_order_of_their_turns()
    {
        using var bench = new RunnerBench { FlushesAtOnce = false };
        var first = bench.SendCommit(offset: 1);
        var second = bench.SendCommit(offset: 2);
        var fetched = new List<OffsetFetchResponse.OffsetFetchResponseGroup>();
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "g", Topics = null };
        bench.Runner.Run((shard, turn) => shard.OffsetFetch(turn, request, mustBeStable: false, fetched.Add), _ => { });
        bench.Time.Advance(10_000);
        // What a crash may take back is not shown either.
        Assert.Empty(first);
        Assert.Empty(second);
        Assert.Empty(fetched);

        bench.Log.Flush();
        Assert.Equal([ErrorCode.None], first);
        Assert.Equal([ErrorCode.None], second);
        Assert.Equal(2, Assert.Single(fetched).Topics[0].Partitions[0].CommittedOffset);
        // And what tells of nothing new is answered at once.
        bench.Runner.Run((shard, turn) => shard.OffsetFetch(turn, request, mustBeStable: false, fetched.Add), _ => { });
        Assert.Equal(2, fetched.Count);
    }

    [Fact]
    public void A_log_that_fails_fails_those_who_wait()
    {
        using var bench = new RunnerBench { FlushesAtOnce = false };
        var waiting = bench.SendCommit(offset: 1);
        bench.Log.Fail();
        Assert.Equal([ErrorCode.NotCoordinator], waiting);
        Assert.Equal([ErrorCode.NotCoordinator], bench.SendCommit(offset: 2));
    }

    [Theory]
    [InlineData(ErrorCode.MessageTooLarge, ErrorCode.InvalidCommitOffsetSize)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    public void A_refused_append_is_told_and_changes_nothing(ErrorCode refusal, ErrorCode told)
    {
        using var bench = new RunnerBench();
        bench.Commit(offset: 1);
        bench.RefuseNext(refusal);
        Assert.Equal(told, bench.Commit(offset: 2));
        Assert.Equal(told == ErrorCode.None ? 2 : 1, bench.Fetch().CommittedOffset);
        bench.RefuseNext(refusal);
        Assert.Equal(told, bench.Commit("new"));
        Assert.Equal(["g"], bench.Shard.AllIds());
        Assert.Equal(ErrorCode.None, bench.Commit(offset: 3));
    }

    [Fact]
    public void Assignments_that_the_log_refuses_are_told_to_nobody_and_without_the_error_of_commits()
    {
        using var bench = new RunnerBench();
        var joined = Joins(bench, "", 2);
        bench.Time.Advance(10);
        var (leader, follower) = (joined[0][0], joined[1][0]);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (leader.ErrorCode, follower.ErrorCode));
        Assert.Equal(leader.MemberId, follower.Leader);
        var followed = Sync(bench, follower);
        bench.RefuseNext(ErrorCode.MessageTooLarge);
        var led = Sync(bench, leader);
        Assert.Equal(ErrorCode.UnknownServerError, Assert.Single(led).ErrorCode);
        Assert.Equal(ErrorCode.UnknownServerError, Assert.Single(followed).ErrorCode);
        Assert.Equal("PreparingRebalance", bench.Shard.Groups.Find("g")!.StateName);
    }

    [Fact]
    public void A_JoinGroup_is_answered_once_when_its_group_cannot_be_stored()
    {
        using var bench = new RunnerBench();
        foreach (var version in new short[] { 3, 9 })
        {
            bench.RefuseNext(ErrorCode.KafkaStorageError);
            var joined = Join(bench, "", version);
            bench.Time.Advance(20_000);
            Assert.Equal(ErrorCode.NotCoordinator, Assert.Single(joined).ErrorCode);
            Assert.Empty(bench.Shard.Groups.All);
        }
    }

    [Fact]
    public void Deadlines_run_by_the_clock_without_anybody_asking()
    {
        using var bench = new RunnerBench();
        var joined = Joins(bench, "", 1)[0];
        bench.Time.Advance(10);
        Sync(bench, Assert.Single(joined));
        bench.Time.Advance(9_000);
        Assert.Equal("Stable", bench.Shard.Groups.Find("g")!.StateName);
        bench.Time.Advance(30_000);
        Assert.Equal("Empty", bench.Shard.Groups.Find("g")!.StateName);
    }

    [Fact]
    public void A_deadline_whose_records_are_refused_comes_again()
    {
        using var bench = new RunnerBench();
        var heartbeat = new ConsumerGroupHeartbeatRequest
        {
            GroupId = "c",
            MemberId = "m",
            RebalanceTimeoutMs = 1_000,
            SubscribedTopicNames = [],
            TopicPartitions = [],
        };
        bench.Ask<ConsumerGroupHeartbeatResponse>(
            (shard, turn, reply) => shard.ConsumerGroupHeartbeat(turn, new RequestOrigin("c", "/h", 1), heartbeat, reply));
        bench.Time.Advance(44_999);
        Assert.Equal("Stable", bench.Shard.Groups.Find("c")!.StateName);
        bench.RefuseNext(ErrorCode.KafkaStorageError);
        bench.Time.Advance(1);
        Assert.Equal("Stable", bench.Shard.Groups.Find("c")!.StateName);
        bench.Time.Advance(500);
        Assert.Equal("Empty", bench.Shard.Groups.Find("c")!.StateName);
    }

    [Fact]
    public void A_turn_that_throws_is_told_and_leaves_others_alone()
    {
        using var bench = new RunnerBench();
        var refusals = new List<ErrorCode>();
        var ran = 0;
        bench.Runner.Run((_, _) => throw new InvalidOperationException("a bug"), refusals.Add);
        Assert.Equal([ErrorCode.UnknownServerError], refusals);
        Assert.Equal(ErrorCode.None, bench.Commit());

        bench.Commit("h");
        bench.Runner.RunForAll((_, _, id) =>
        {
            ran++;
            throw new InvalidOperationException($"a bug of {id}");
        });
        Assert.Equal(2, ran);
        Assert.Equal(1, bench.Fetch().CommittedOffset);
    }

    [Fact]
    public void A_state_that_is_not_what_the_log_says_is_served_no_more()
    {
        using var bench = new RunnerBench();
        Assert.Equal(ErrorCode.None, bench.Commit());
        var refusals = new List<ErrorCode>();
        bench.Runner.Run(
            (_, turn) =>
            {
                turn.Write(OffsetRecords.Commit("g", "t", 0, new CommittedOffset(9, -1, "", turn.NowMs, -1)));
                turn.OnAppended(_ => throw new InvalidOperationException("a bug"));
            },
            refusals.Add);
        Assert.Equal([ErrorCode.UnknownServerError], refusals);
        Assert.Equal(ErrorCode.NotCoordinator, bench.Commit());
    }

    [Fact]
    public void Who_a_turn_that_throws_was_to_answer_is_told()
    {
        using var bench = new RunnerBench();
        var heartbeats = new List<ErrorCode>();
        bench.Runner.Run(
            (_, turn) =>
            {
                turn.Answer(response => heartbeats.Add(response.ErrorCode), new HeartbeatResponse());
                throw new InvalidOperationException("a bug");
            },
            _ => { });
        Assert.Equal([ErrorCode.UnknownServerError], heartbeats);
    }

    [Fact]
    public void A_group_that_cannot_be_written_down_is_none()
    {
        using var bench = new RunnerBench();
        foreach (var version in new short[] { 3, 9 })
        {
            var joined = Join(bench, "", version, new string('g', short.MaxValue + 1));
            bench.Time.Advance(20_000);
            Assert.Equal(ErrorCode.UnknownServerError, Assert.Single(joined).ErrorCode);
            Assert.Empty(bench.Shard.Groups.All);
        }

        Assert.Equal(0, bench.Log.EndOffset);
    }

    [Fact]
    public void A_consumer_group_without_members_becomes_what_it_is_joined_as()
    {
        using var bench = new RunnerBench();
        var heartbeat = new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = "m",
            RebalanceTimeoutMs = 1_000,
            SubscribedTopicNames = ["t"],
            TopicPartitions = [],
        };
        foreach (var epoch in new[] { 0, -1 })
        {
            heartbeat.MemberEpoch = epoch;
            Assert.Equal(ErrorCode.None, bench.Ask<ConsumerGroupHeartbeatResponse>((shard, turn, reply) =>
                shard.ConsumerGroupHeartbeat(turn, new RequestOrigin("c", "/h", 1), heartbeat, reply)).ErrorCode);
        }

        bench.Commit();
        // Of another protocol than consumers have, as workers of Connect do.
        var joined = Join(bench, "", version: 3, type: "connect");
        bench.Time.Advance(10);
        Assert.Equal(ErrorCode.None, Assert.Single(joined).ErrorCode);
        Assert.Equal("connect", Assert.IsType<ClassicGroup>(bench.Shard.Groups.Find("g")).ProtocolType);

        var reloaded = new GroupShard(bench.Options, Guid.NewGuid);
        ShardLoad.Run(bench.Log, reloaded, CancellationToken.None);
        Assert.IsType<ClassicGroup>(reloaded.Groups.Find("g"));
        Assert.Equal(1, reloaded.Offsets.Find("g", "t", 0)?.Offset);
    }

    [Fact]
    public void Unloading_answers_who_waits_and_refuses_who_comes()
    {
        var bench = new RunnerBench();
        var joined = Joins(bench, "", 1)[0];
        Assert.Empty(joined);
        bench.Dispose();
        Assert.Equal(ErrorCode.NotCoordinator, Assert.Single(joined).ErrorCode);
        Assert.Equal([ErrorCode.NotCoordinator], bench.SendCommit());
        bench.Time.Advance(600_000);
        Assert.Single(joined);
    }

    private static List<List<JoinGroupResponse>> Joins(RunnerBench bench, string memberId, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Join(bench, memberId, version: 3))];

    private static List<JoinGroupResponse> Join(
        RunnerBench bench, string memberId, short version, string groupId = "g", string type = "consumer")
    {
        var request = new JoinGroupRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            ProtocolType = type,
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 20_000,
        };
        var protocol = request.Protocols.Add();
        (protocol.Name, protocol.Metadata) = ("range", LeaderAssigning.Subscription(["t"], [], -1));
        return bench.Send<JoinGroupResponse>(
            (shard, turn, reply) => shard.JoinGroup(turn, new RequestOrigin("c", "/h", version), request, reply),
            GroupErrors.Respond<JoinGroupResponse>);
    }

    private static List<SyncGroupResponse> Sync(RunnerBench bench, JoinGroupResponse joined)
    {
        var request = new SyncGroupRequest { GroupId = "g", MemberId = joined.MemberId, GenerationId = joined.GenerationId };
        return bench.Send<SyncGroupResponse>(
            (shard, turn, reply) => shard.SyncGroup(turn, new RequestOrigin("c", "/h", 2), request, reply),
            GroupErrors.Respond<SyncGroupResponse>);
    }
}
