using System.Buffers;
using System.Text;
using FastLog.Broker.Tests.Harness;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Storage;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>What consumers see of transactions that lie in a log, as Kafka's data directories hold them.</summary>
public sealed class ReadCommittedTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const int LongMs = 300_000;
    private const long First = 71;
    private const long Second = 72;

    [Fact]
    public void Fetch_and_ListOffsets_end_at_the_last_stable_offset_and_tell_what_was_aborted()
    {
        var topic = NewTopic();
        AppendData(topic, First, 0, "a"); // 0
        AppendMarker(topic, First, committed: false); // 1
        AppendData(topic, First, 1, "b"); // 2
        AppendMarker(topic, First, committed: true); // 3
        AppendData(topic, Second, 0, "c"); // 4
        Client.Produce(topic, TestBatch.Of("d")); // 5

        var committed = Fetch(topic, isolationLevel: 1);
        Assert.Equal((6L, 4L), (committed.HighWatermark, committed.LastStableOffset));
        Assert.Equal([(First, 0L)], committed.AbortedTransactions!.Select(aborted => (aborted.ProducerId, aborted.FirstOffset)));
        Assert.Equal(4, LatestOf(topic, isolationLevel: 1));
        var uncommitted = Fetch(topic, isolationLevel: 0);
        Assert.Equal((6L, 4L), (uncommitted.HighWatermark, uncommitted.LastStableOffset));
        Assert.Null(uncommitted.AbortedTransactions);
        Assert.True(FetchedRecord.BytesOf(uncommitted.Records).Length > FetchedRecord.BytesOf(committed.Records).Length);
        Assert.Equal(6, LatestOf(topic, isolationLevel: 0));
    }

    [Fact]
    public void The_last_stable_offset_follows_the_logs_start_over_an_open_transaction()
    {
        var topic = NewTopic();
        AppendData(topic, First, 0, "a"); // 0
        Client.Produce(topic, TestBatch.Of("b")); // 1
        Client.Produce(topic, TestBatch.Of("c")); // 2
        Assert.Equal(0, LatestOf(topic, isolationLevel: 1));
        PartitionOf(topic).Log.AdvanceLogStart(2);
        Assert.Equal(2, LatestOf(topic, isolationLevel: 1));
        var request = RecordRequests.Fetch().From(topic, 2);
        request.IsolationLevel = 1;
        var waiting = Client.Send(request, 12).Only();
        Assert.Equal((ErrorCode.None, 2L, 0), (waiting.ErrorCode, waiting.LastStableOffset, FetchedRecord.BytesOf(waiting.Records).Length));
        AppendMarker(topic, First, committed: true); // 3
        Assert.Equal(4, LatestOf(topic, isolationLevel: 1));
    }

    [Fact]
    public void A_waiting_fetch_is_woken_by_the_marker_and_not_by_what_is_not_stable()
    {
        var topic = NewTopic();
        AppendData(topic, First, 0, "a"); // 0
        using var consumer = Broker.Connect();
        var request = RecordRequests.Fetch(LongMs).From(topic, 0);
        request.IsolationLevel = 1;
        consumer.SendOnly(consumer.Frame(request, 12));
        Until.True(() => PartitionOf(topic).LastStableWaitersCount == 1);

        AppendData(topic, First, 1, "b"); // 1
        Client.Produce(topic, TestBatch.Of("c")); // 2
        Assert.Equal(1, PartitionOf(topic).LastStableWaitersCount);
        Assert.False(consumer.HasResponse);

        AppendMarker(topic, First, committed: true); // 3
        var answer = consumer.Receive<FetchResponse>(ApiKey.Fetch, 12).Only();
        Assert.Equal((4L, 4L), (answer.HighWatermark, answer.LastStableOffset));
        Assert.Null(answer.AbortedTransactions);
        Assert.Equal(0, PartitionOf(topic).LastStableWaitersCount);
    }

    private FetchResponse.PartitionData Fetch(string topic, sbyte isolationLevel)
    {
        var request = RecordRequests.Fetch().From(topic, 0);
        request.IsolationLevel = isolationLevel;
        return Client.Send(request, 12).Only();
    }

    private long LatestOf(string topic, sbyte isolationLevel)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1, IsolationLevel = isolationLevel };
        var entry = request.Topics.Add();
        entry.Name = topic;
        var partition = entry.Partitions.Add();
        partition.Timestamp = -1;
        partition.CurrentLeaderEpoch = -1;
        return Client.Send(request, 5).Topics[0].Partitions[0].Offset;
    }

    private Partition PartitionOf(string topic) => Broker.Server.Replicas.Find(topic, 0)!;

    private void AppendData(string topic, long producerId, int sequence, string value) => Append(topic, TestBatch.Build(
        builder => builder.TryAppend(TestBatch.NowMs, "k"u8, Encoding.UTF8.GetBytes(value)),
        producerId: producerId,
        epoch: 0,
        baseSequence: sequence,
        isTransactional: true));

    private void AppendMarker(string topic, long producerId, bool committed) => Append(topic, TestBatch.Build(
        builder => builder.AppendEndTransaction(TestBatch.NowMs, committed, coordinatorEpoch: 0),
        producerId: producerId,
        epoch: 0,
        isTransactional: true,
        isControl: true));

    private void Append(string topic, byte[] batch)
    {
        var partition = PartitionOf(topic);
        var result = partition.AppendAsLeader(new ReadOnlySequence<byte>(batch), AppendOrigin.Coordinator);
        Assert.Equal(AppendError.None, result.Error);
        Until.True(() => partition.HighWatermark > result.LastOffset);
    }
}
