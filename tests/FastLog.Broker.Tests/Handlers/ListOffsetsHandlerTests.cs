using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using Answer = FastLog.Protocol.Messages.ListOffsetsResponse.ListOffsetsPartitionResponse;

namespace FastLog.Broker.Tests.Handlers;

public sealed class ListOffsetsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(10)]
    public void The_ends_of_the_log_are_told(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b", "c"));
        Delete(topic, 1);

        Assert.Equal((ErrorCode.None, 3L, -1L), Told(Ask(topic, Latest, version)));
        Assert.Equal((ErrorCode.None, 1L, -1L), Told(Ask(topic, Earliest, version)));
        Assert.Equal(version >= 4 ? 0 : -1, Ask(topic, Latest, version).LeaderEpoch);
    }

    [Theory]
    [InlineData(MaxTimestamp, 6, ErrorCode.UnsupportedVersion)]
    [InlineData(MaxTimestamp, 7, ErrorCode.None)]
    [InlineData(EarliestLocal, 7, ErrorCode.UnsupportedVersion)]
    [InlineData(EarliestLocal, 8, ErrorCode.None)]
    [InlineData(LatestTiered, 8, ErrorCode.UnsupportedVersion)]
    [InlineData(LatestTiered, 9, ErrorCode.None)]
    [InlineData(-6, 10, ErrorCode.UnsupportedVersion)]
    [InlineData(long.MinValue, 10, ErrorCode.UnsupportedVersion)]
    public void Each_special_number_came_with_a_version(long timestamp, short version, ErrorCode error)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));

        Assert.Equal(error, Ask(topic, timestamp, version).ErrorCode);
    }

    [Fact]
    public void Nothing_is_tiered_and_what_is_local_starts_with_the_log()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));
        Delete(topic, 1);

        Assert.Equal((ErrorCode.None, -1L, -1L), Told(Ask(topic, LatestTiered, 9)));
        Assert.Equal((ErrorCode.None, 1L, -1L), Told(Ask(topic, EarliestLocal, 9)));
    }

    [Fact]
    public void The_largest_timestamp_is_found_with_its_first_record()
    {
        var topic = NewTopic();
        var nowMs = TestBatch.NowMs;
        Client.Produce(topic, TestBatch.At(nowMs - 10, "a"));
        Client.Produce(topic, TestBatch.Build(builder =>
        {
            builder.TryAppend(nowMs - 5, "k"u8, "b"u8);
            builder.TryAppend(nowMs, "k"u8, "c"u8);
            builder.TryAppend(nowMs, "k"u8, "d"u8);
        }));
        Client.Produce(topic, TestBatch.At(nowMs - 20, "e"));

        Assert.Equal((ErrorCode.None, 2L, nowMs), Told(Ask(topic, MaxTimestamp, 7)));
        Assert.Equal((ErrorCode.None, -1L, -1L), Told(Ask(NewTopic(), MaxTimestamp, 7)));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Lz4)]
    public void The_first_record_at_or_after_a_time_is_found_within_its_batch(CompressionType compression)
    {
        var topic = NewTopic(1, ("segment.bytes", "400"));
        var startMs = TestBatch.NowMs - 100_000;
        for (var batch = 0; batch < 20; batch++)
        {
            Client.Produce(topic, TestBatch.Build(
                builder =>
                {
                    for (var record = 0; record < 5; record++)
                    {
                        builder.TryAppend(startMs + (batch * 500) + (record * 100), "key"u8, "value"u8);
                    }
                },
                compression));
        }

        for (var record = 0; record < 100; record++)
        {
            var timestampMs = startMs + (record * 100);
            Assert.Equal((ErrorCode.None, record, timestampMs), Told(Ask(topic, timestampMs, 1)));
            Assert.Equal((ErrorCode.None, record, timestampMs), Told(Ask(topic, timestampMs - 99, 6)));
        }

        Assert.Equal((ErrorCode.None, 0L, startMs), Told(Ask(topic, 0, 1)));
        Assert.Equal((ErrorCode.None, -1L, -1L), Told(Ask(topic, startMs + 10_000, 1)));
        Assert.Equal((ErrorCode.None, -1L, -1L), Told(Ask(topic, long.MaxValue, 1)));
    }

    [Fact]
    public void What_was_deleted_is_not_found_by_time()
    {
        var topic = NewTopic();
        var nowMs = TestBatch.NowMs;
        for (var i = 0; i < 4; i++)
        {
            Client.Produce(topic, TestBatch.At(nowMs + i, "a", "b"));
        }

        Delete(topic, 3);

        Assert.Equal((ErrorCode.None, 3L, nowMs + 1), Told(Ask(topic, nowMs, 1)));
    }

    [Fact]
    public void Unknown_partitions_and_epochs_have_their_errors()
    {
        var topic = NewTopic();

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Ask("missing", Latest, 1).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Ask(topic, Latest, 10, partition: 5).ErrorCode);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, Ask(topic, Latest, 4, epoch: 1).ErrorCode);
        Assert.Equal(ErrorCode.None, Ask(topic, Latest, 4, epoch: 0).ErrorCode);
        var refused = Ask(topic, Latest, 4, epoch: 1);
        Assert.Equal((-1L, -1L, -1), (refused.Offset, refused.Timestamp, refused.LeaderEpoch));
    }

    [Fact]
    public void A_partition_asked_for_twice_is_an_invalid_request_and_the_others_are_answered()
    {
        var topic = NewTopic(partitions: 2);
        var request = Asking(topic, Latest, 0);
        request.Topics[0].Partitions.Add().PartitionIndex = 1;
        request.Topics[0].Partitions[1].Timestamp = Latest;
        request.Topics[0].Partitions.Add().PartitionIndex = 0;
        request.Topics[0].Partitions[2].Timestamp = Earliest;

        var answers = Client.Send(request, 5).Topics[0].Partitions;

        Assert.Equal(
            [(0, ErrorCode.InvalidRequest), (1, ErrorCode.None), (0, ErrorCode.InvalidRequest)],
            answers.Select(answer => (answer.PartitionIndex, answer.ErrorCode)));
    }

    [Fact]
    public void Read_committed_ends_at_the_last_stable_offset()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));
        var request = Asking(topic, Latest, 0);
        request.IsolationLevel = 1;

        Assert.Equal(1, Client.Send(request, 2).Topics[0].Partitions[0].Offset);
    }

    private void Delete(string topic, long beforeOffset)
    {
        var request = new DeleteRecordsRequest();
        var entry = request.Topics.Add();
        entry.Name = topic;
        entry.Partitions.Add().Offset = beforeOffset;
        Assert.Equal(ErrorCode.None, Client.Send(request, 2).Topics[0].Partitions[0].ErrorCode);
    }

    private Answer Ask(string topic, long timestamp, short version, int partition = 0, int epoch = -1)
    {
        var request = Asking(topic, timestamp, partition);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
        return Assert.Single(Assert.Single(Client.Send(request, version).Topics).Partitions);
    }

    private static ListOffsetsRequest Asking(string topic, long timestamp, int partition)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        var entry = request.Topics.Add();
        entry.Name = topic;
        var asked = entry.Partitions.Add();
        (asked.PartitionIndex, asked.Timestamp) = (partition, timestamp);
        return request;
    }

    private static (ErrorCode Error, long Offset, long Timestamp) Told(Answer answer) =>
        (answer.ErrorCode, answer.Offset, answer.Timestamp);
}
