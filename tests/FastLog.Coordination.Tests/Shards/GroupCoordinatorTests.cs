using FastLog.Coordination.Tests.Simulation;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Coordination.Tests.Shards;

public sealed class GroupCoordinatorTests : IDisposable
{
    private readonly SimulatedTime _time = new();
    private readonly GroupCoordinator _coordinator;

    public GroupCoordinatorTests()
    {
        var topics = SimulatedTopics.None.With("t", 4);
        _coordinator = new GroupCoordinator(
            new GroupCoordinatorOptions { OffsetsRetentionMs = 1_000_000 },
            new ShardRunnerOptions(() => topics, CompressionType.None, new SteadyClock(_time), _time, NullLogger.Instance),
            Guid.NewGuid);
    }

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public void Without_a_partition_there_is_no_coordinator()
    {
        Assert.Equal(ErrorCode.NotCoordinator, Commit("g"));
        _coordinator.Follow([null, null]);
        Assert.Equal(ErrorCode.NotCoordinator, Commit("g"));
        Assert.Empty(_coordinator.Runners);
    }

    [Fact]
    public void A_group_is_kept_by_the_partition_of_its_id()
    {
        var logs = Enumerable.Range(0, 3).Select(_ => NewLog()).ToArray();
        _coordinator.Follow(logs);
        foreach (var group in new[] { "a", "b", "c", "d" })
        {
            var log = logs[CoordinatorPartition.For(group, logs.Length)];
            var before = log.EndOffset;
            Assert.Equal(ErrorCode.None, Commit(group));
            Assert.Equal(before + 1, log.EndOffset);
        }
    }

    [Fact]
    public void A_log_that_stays_keeps_its_shard_and_another_log_is_read_anew()
    {
        var log = NewLog();
        _coordinator.Follow([log]);
        Assert.Equal(ErrorCode.None, Commit("g", 5));
        var runner = Assert.Single(_coordinator.Runners);
        _coordinator.Follow([log]);
        Assert.Same(runner, Assert.Single(_coordinator.Runners));

        var other = log.AfterCrash(new Random(1));
        _coordinator.Follow([other]);
        Assert.False(runner.IsActive);
        var next = Assert.Single(_coordinator.Runners);
        Assert.NotSame(runner, next);
        Assert.True(SpinWait.SpinUntil(() => next.IsActive, TimeSpan.FromSeconds(30)));
        long? offset = null;
        next.Look(shard => offset = shard.Offsets.Find("g", "t", 0)?.Offset);
        Assert.Equal(5, offset);

        _coordinator.Follow([null]);
        Assert.False(next.IsActive);
        Assert.Equal(ErrorCode.NotCoordinator, Commit("g"));
    }

    [Fact]
    public void A_partition_that_failed_is_refused_until_there_is_another_log()
    {
        var log = NewLog();
        _coordinator.Follow([log]);
        log.Fail();
        Assert.Equal(ErrorCode.NotCoordinator, Commit("g"));
        _coordinator.Follow([NewLog()]);
        Assert.Equal(ErrorCode.None, Commit("g"));
    }

    [Fact]
    public void Offsets_are_looked_through_for_expired_ones_now_and_then()
    {
        _coordinator.Follow([NewLog()]);
        Commit("g");
        _time.Advance(600_000);
        Assert.Equal(1, Count());
        _time.Advance(600_000);
        Assert.Equal(0, Count());

        int Count()
        {
            var count = -1;
            Assert.Single(_coordinator.Runners).Look(shard => count = shard.Offsets.Count);
            return count;
        }
    }

    [Fact]
    public void Deleted_topics_are_forgotten_in_all_shards()
    {
        _coordinator.Follow([NewLog(), NewLog()]);
        Commit("a");
        Commit("b");
        _coordinator.DeleteTopics(new HashSet<string> { "t" });
        Assert.All(_coordinator.Runners, runner => runner.Look(shard => Assert.Equal(0, shard.Offsets.Count)));
    }

    private SimulatedLog NewLog()
    {
        var log = new SimulatedLog();
        log.OnAppended = () => _time.After(0, log.Flush);
        return log;
    }

    private ErrorCode Commit(string group, long offset = 1)
    {
        var request = new OffsetCommitRequest { GroupId = group };
        var topic = request.Topics.Add();
        topic.Name = "t";
        topic.Partitions.Add().CommittedOffset = offset;
        var answers = new List<ErrorCode>();
        _coordinator.Run(
            group,
            (shard, turn) => shard.OffsetCommit(
                turn,
                new RequestOrigin("c", "/h", 9),
                request,
                response => answers.Add(response.Topics[0].Partitions[0].ErrorCode)),
            answers.Add);
        _time.Advance(0);
        return Assert.Single(answers);
    }
}
