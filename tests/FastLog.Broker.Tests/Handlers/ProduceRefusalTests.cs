using System.Buffers.Binary;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>Batches that ProduceHandler must not store.</summary>
public sealed class ProduceRefusalTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const long HourMs = 3_600_000;

    public static TheoryData<string, ErrorCode> BadBatches => new()
    {
        { "wrong CRC", ErrorCode.CorruptMessage },
        { "more records than there are", ErrorCode.InvalidRecord },
        { "fewer records than there are", ErrorCode.InvalidRecord },
        { "no records", ErrorCode.InvalidRecord },
        { "last offset lies", ErrorCode.InvalidRecord },
        { "length too long", ErrorCode.CorruptMessage },
        { "length negative", ErrorCode.CorruptMessage },
        { "two batches", ErrorCode.InvalidRecord },
        { "nothing", ErrorCode.InvalidRecord },
        { "null", ErrorCode.InvalidRecord },
        { "half a header", ErrorCode.InvalidRecord },
        { "magic 1", ErrorCode.InvalidRecord },
        { "control batch", ErrorCode.InvalidRecord },
        { "base offset not 0", ErrorCode.InvalidRecord },
        { "unknown codec", ErrorCode.UnsupportedCompressionType },
        { "garbage for gzip", ErrorCode.CorruptMessage },
        { "producer without sequence", ErrorCode.InvalidRecord },
        { "transactional", ErrorCode.InvalidTxnState },
        { "delete horizon", ErrorCode.InvalidRecord },
    };

    [Theory]
    [MemberData(nameof(BadBatches))]
    public void A_bad_batch_has_its_error_and_leaves_nothing_behind(string what, ErrorCode error)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("before"));
        var request = RecordRequests.Produce(topic, -1, (0, []));
        request.TopicData[0].PartitionData[0].Records =
            what == "null" ? RecordsField.Null : new RecordsField(Make(what));

        var answer = Client.Send(request, 9).Responses[0].PartitionResponses[0];

        Assert.Equal((error, -1L, -1L), (answer.ErrorCode, answer.BaseOffset, answer.LogStartOffset));
        Assert.Equal(1, Client.EndOffset(topic));
        Assert.Equal(1, Client.Produce(topic, TestBatch.Of("after")));
        Assert.Equal(
            ["before", "after"], FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records).Select(record => record.Value));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(12)]
    public void A_batch_above_max_message_bytes_is_too_large(short version)
    {
        var topic = NewTopic(1, ("max.message.bytes", "1000"));

        Assert.Equal(ErrorCode.MessageTooLarge, Client.TryProduce(topic, TestBatch.Sized(1_000), version).ErrorCode);
        Assert.Equal(ErrorCode.None, Client.TryProduce(topic, TestBatch.Sized(900), version).ErrorCode);
    }

    [Fact]
    public void A_batch_above_segment_bytes_is_a_too_large_list()
    {
        var topic = NewTopic(1, ("segment.bytes", "1000"));

        Assert.Equal(ErrorCode.RecordListTooLarge, Client.TryProduce(topic, TestBatch.Sized(1_000)).ErrorCode);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void A_compacted_topic_needs_keys_and_the_record_without_one_is_named(short version)
    {
        var topic = NewTopic(1, ("cleanup.policy", "compact"));
        var batch = TestBatch.Build(builder =>
        {
            builder.TryAppend(TestBatch.NowMs, "k"u8, "v"u8);
            builder.TryAppend(TestBatch.NowMs, default, true, "v"u8, false);
        });

        var answer = Client.TryProduce(topic, batch, version);

        Assert.Equal(ErrorCode.InvalidRecord, answer.ErrorCode);
        Assert.Equal(version >= 8 ? [1] : [], answer.RecordErrors.Select(record => record.BatchIndex));
        Assert.Equal(version >= 8, answer.ErrorMessage is not null);
        Assert.Equal(0, Client.EndOffset(topic));
    }

    [Fact]
    public void Every_record_that_is_to_blame_is_named_with_its_reason()
    {
        var topic = NewTopic(1, ("message.timestamp.before.max.ms", "1000"));
        var batch = TestBatch.Build(builder =>
        {
            builder.TryAppend(5, "k"u8, "v"u8);
            builder.TryAppend(TestBatch.NowMs, "k"u8, "v"u8);
            builder.TryAppend(6, "k"u8, "v"u8);
        });

        var answer = Client.TryProduce(topic, batch, version: 8);

        Assert.Equal(ErrorCode.InvalidTimestamp, answer.ErrorCode);
        Assert.Equal("One or more records have been rejected due to invalid timestamp", answer.ErrorMessage);
        Assert.Equal([0, 2], answer.RecordErrors.Select(record => record.BatchIndex));
        Assert.StartsWith("Timestamp 5 of message", answer.RecordErrors[0].BatchIndexErrorMessage, StringComparison.Ordinal);
        Assert.StartsWith("Timestamp 6 of message", answer.RecordErrors[1].BatchIndexErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compacted_topic_takes_tombstones()
    {
        var topic = NewTopic(1, ("cleanup.policy", "compact"));

        Client.Produce(topic, TestBatch.Build(
            builder => builder.TryAppend(TestBatch.NowMs, "k"u8, false, default, true)));

        Assert.Null(Assert.Single(FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records)).Value);
    }

    [Theory]
    [InlineData(-3 * HourMs, ErrorCode.InvalidTimestamp)]
    [InlineData(-HourMs, ErrorCode.None)]
    [InlineData(0, ErrorCode.None)]
    [InlineData(HourMs, ErrorCode.None)]
    [InlineData(3 * HourMs, ErrorCode.InvalidTimestamp)]
    public void Timestamps_outside_of_the_topics_window_are_refused(long fromNowMs, ErrorCode error)
    {
        var topic = NewTopic(
            1,
            ("message.timestamp.before.max.ms", (2 * HourMs).ToString()),
            ("message.timestamp.after.max.ms", (2 * HourMs).ToString()));

        Assert.Equal(error, Client.TryProduce(topic, TestBatch.At(TestBatch.NowMs + fromNowMs, "a")).ErrorCode);
    }

    [Fact]
    public void Without_a_window_the_past_is_free_and_the_future_an_hour()
    {
        var topic = NewTopic();

        Assert.Equal(ErrorCode.None, Client.TryProduce(topic, TestBatch.At(0, "1970")).ErrorCode);
        Assert.Equal(
            ErrorCode.InvalidTimestamp, Client.TryProduce(topic, TestBatch.At(TestBatch.NowMs + (2 * HourMs), "x")).ErrorCode);
    }

    [Fact]
    public void One_refused_partition_does_not_keep_the_others_from_being_stored()
    {
        var topic = NewTopic(partitions: 3);

        var answers = Client.Send(
            RecordRequests.Produce(topic, -1, (0, TestBatch.Of("a")), (1, Make("wrong CRC")), (2, TestBatch.Of("b"))), 9)
            .Responses[0].PartitionResponses;

        Assert.Equal(
            [ErrorCode.None, ErrorCode.CorruptMessage, ErrorCode.None], answers.Select(answer => answer.ErrorCode));
        Assert.Equal((1L, 0L, 1L), (Client.EndOffset(topic), Client.EndOffset(topic, 1), Client.EndOffset(topic, 2)));
    }

    private static byte[] Make(string what)
    {
        var batch = TestBatch.Of("one", "two");
        switch (what)
        {
            case "wrong CRC":
                batch[^1] ^= 1;
                return batch;
            case "more records than there are":
                return TestBatch.Forged(batch, bytes => WriteCounts(bytes, 3));
            case "fewer records than there are":
                return TestBatch.Forged(batch, bytes => WriteCounts(bytes, 1));
            case "no records":
                return TestBatch.Forged(batch, bytes => WriteCounts(bytes, 0));
            case "last offset lies":
                return TestBatch.Forged(
                    batch, bytes => BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RecordBatchHeader.LastOffsetDeltaOffset), 9));
            case "length too long":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length);
                return batch;
            case "length negative":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), -5);
                return batch;
            case "two batches":
                return [.. batch, .. TestBatch.Of("three")];
            case "nothing":
                return [];
            case "half a header":
                return batch[..30];
            case "magic 1":
                batch[RecordBatchHeader.MagicOffset] = 1;
                return batch;
            case "control batch":
                return TestBatch.Build(builder => builder.AppendEndTransaction(TestBatch.NowMs, true, 0), isControl: true);
            case "base offset not 0":
                BinaryPrimitives.WriteInt64BigEndian(batch, 5);
                return batch;
            case "unknown codec":
                return TestBatch.Forged(batch, bytes => bytes[RecordBatchHeader.AttributesOffset + 1] = 5);
            case "garbage for gzip":
                return TestBatch.Forged(batch, bytes => bytes[RecordBatchHeader.AttributesOffset + 1] = 1);
            case "producer without sequence":
                return TestBatch.Idempotent(5, 0, -1, "x");
            case "transactional":
                return TestBatch.Build(
                    builder => builder.TryAppend(TestBatch.NowMs, "k"u8, "v"u8),
                    producerId: 5, epoch: 0, baseSequence: 0, isTransactional: true);
            case "delete horizon":
                return TestBatch.Forged(batch, bytes => bytes[RecordBatchHeader.AttributesOffset + 1] = 0x40);
            default:
                throw new ArgumentException(what);
        }
    }

    private static void WriteCounts(byte[] batch, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.LastOffsetDeltaOffset), count - 1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.RecordsCountOffset), count);
    }
}
