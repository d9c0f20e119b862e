using FastLog.Coordination.Tests.Simulation;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Coordination.Tests.Shards;

/// <summary>A shard on a simulated log: what it writes is durable at once, unless a test wants to flush by itself.</summary>
internal sealed class RunnerBench : IDisposable
{
    private ErrorCode _nextRefusal;

    public RunnerBench(SimulatedLog? log = null, GroupCoordinatorOptions? options = null, bool isLoaded = true)
    {
        Options = options ?? new GroupCoordinatorOptions { InitialRebalanceDelayMs = 0 };
        Log = log ?? new SimulatedLog();
        Log.NextRefusal = () =>
        {
            var refusal = _nextRefusal;
            _nextRefusal = ErrorCode.None;
            return refusal;
        };
        Log.OnAppended = () =>
        {
            if (FlushesAtOnce)
            {
                Time.After(0, Log.Flush);
            }
        };
        Topics = SimulatedTopics.None.With("t", 4).With("u", 1);
        Shard = new GroupShard(Options, Guid.NewGuid);
        Runner = new ShardRunner(
            Shard,
            Log,
            new ShardRunnerOptions(
                () => Topics, CompressionType.None, new SteadyClock(Time), Time, NullLogger.Instance));
        if (isLoaded)
        {
            Runner.Load(CancellationToken.None);
        }
    }

    public GroupCoordinatorOptions Options { get; }

    public SimulatedTime Time { get; } = new();

    public SimulatedLog Log { get; }

    public SimulatedTopics Topics { get; set; }

    public GroupShard Shard { get; }

    public ShardRunner Runner { get; }

    public bool FlushesAtOnce { get; set; } = true;

    public void RefuseNext(ErrorCode error) => _nextRefusal = error;

    /// <summary>Sends a request; the answers come into the list, a refusal as an answer with that error.</summary>
    public List<TResponse> Send<TResponse>(Action<GroupShard, Turn, Action<TResponse>> decide, Func<ErrorCode, TResponse> refuse)
    {
        var answers = new List<TResponse>();
        Runner.Run((shard, turn) => decide(shard, turn, answers.Add), error => answers.Add(refuse(error)));
        return answers;
    }

    public TResponse Ask<TResponse>(Action<GroupShard, Turn, Action<TResponse>> decide)
        where TResponse : class, new()
    {
        var answers = Send(decide, GroupErrors.Respond<TResponse>);
        Time.Advance(0);
        return Assert.Single(answers);
    }

    public List<ErrorCode> SendCommit(
        string group = "g", string topic = "t", int partition = 0, long offset = 1, Action<OffsetCommitRequest>? with = null)
    {
        var request = new OffsetCommitRequest { GroupId = group };
        var entry = request.Topics.Add();
        entry.Name = topic;
        var place = entry.Partitions.Add();
        (place.PartitionIndex, place.CommittedOffset, place.CommittedLeaderEpoch) = (partition, offset, 3);
        with?.Invoke(request);
        var answers = new List<ErrorCode>();
        Runner.Run(
            (shard, turn) => shard.OffsetCommit(
                turn,
                new RequestOrigin("c", "/h", 9),
                request,
                response => answers.Add(response.Topics[0].Partitions[0].ErrorCode)),
            answers.Add);
        return answers;
    }

    public ErrorCode Commit(
        string group = "g", string topic = "t", int partition = 0, long offset = 1, Action<OffsetCommitRequest>? with = null)
    {
        var answers = SendCommit(group, topic, partition, offset, with);
        Time.Advance(0);
        return Assert.Single(answers);
    }

    public OffsetFetchResponse.OffsetFetchResponsePartitions Fetch(
        string group = "g", string topic = "t", int partition = 0, bool mustBeStable = false)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [] };
        var entry = request.Topics.Add();
        entry.Name = topic;
        entry.PartitionIndexes.Add(partition);
        var response = Ask<OffsetFetchResponse.OffsetFetchResponseGroup>(
            (shard, turn, reply) => shard.OffsetFetch(turn, request, mustBeStable, reply));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return Assert.Single(Assert.Single(response.Topics).Partitions);
    }

    /// <summary>The offsets of a group, through a coordinator that reads the same log anew.</summary>
    public long? OffsetAfterReload(string group = "g", string topic = "t", int partition = 0)
    {
        var shard = new GroupShard(Options, Guid.NewGuid);
        ShardLoad.Run(Log, shard, CancellationToken.None);
        return shard.Offsets.Find(group, topic, partition)?.Offset;
    }

    public void Dispose() => Runner.Dispose();
}
