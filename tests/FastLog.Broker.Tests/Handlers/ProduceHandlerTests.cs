using System.Text;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Broker.Tests.Handlers;

public sealed class ProduceHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, -1)]
    [InlineData(5, -1)]
    [InlineData(8, 1)]
    [InlineData(9, -1)]
    [InlineData(12, -1)]
    public void Offsets_are_given_in_order_and_told(short version, short acks)
    {
        var topic = NewTopic();

        var first = Client.TryProduce(topic, TestBatch.Of("a", "b", "c"), version, acks);
        var second = Client.TryProduce(topic, TestBatch.Of("d"), version, acks);

        Assert.Equal((ErrorCode.None, 0L, -1L), (first.ErrorCode, first.BaseOffset, first.LogAppendTimeMs));
        Assert.Equal((ErrorCode.None, 3L), (second.ErrorCode, second.BaseOffset));
        Assert.Equal(version >= 5 ? 0 : -1, second.LogStartOffset);
        Assert.Equal(["a", "b", "c", "d"], FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records).Select(r => r.Value));
    }

    [Fact]
    public void Acks_0_has_no_answer_and_the_next_request_has()
    {
        var topic = NewTopic();

        Client.SendOnly(Client.Frame(RecordRequests.Produce(topic, 0, (0, TestBatch.Of("a"))), 9));

        Assert.Equal(1, Client.Produce(topic, TestBatch.Of("b")));
    }

    [Theory]
    [InlineData("missing", 0)]
    [InlineData("", 7)]
    public void Acks_0_with_an_error_closes_the_connection(string topic, int partition)
    {
        Client.SendOnly(Client.Frame(
            RecordRequests.Produce(topic.Length == 0 ? NewTopic() : topic, 0, (partition, TestBatch.Of("a"))), 9));

        Assert.True(Client.IsClosedByBroker());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(short.MaxValue)]
    public void Other_acks_are_invalid_and_store_nothing(short acks)
    {
        var topic = NewTopic();

        var answer = Client.TryProduce(topic, TestBatch.Of("a"), acks: acks);

        Assert.Equal((ErrorCode.InvalidRequiredAcks, -1L), (answer.ErrorCode, answer.BaseOffset));
        Assert.Equal(0, Client.EndOffset(topic));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public void Unknown_topics_and_partitions_are_told_beside_those_that_are_taken(short version)
    {
        var topic = NewTopic(partitions: 2);
        var request = RecordRequests.Produce(
            topic, -1, (1, TestBatch.Of("a")), (2, TestBatch.Of("b")), (-1, TestBatch.Of("c")), (0, TestBatch.Of("d", "e")));
        var other = request.TopicData.Add();
        other.Name = "missing";
        var data = other.PartitionData.Add();
        (data.Index, data.Records) = (0, new RecordsField(TestBatch.Of("f")));

        var response = Client.Send(request, version);

        Assert.Equal(
            [
                (1, ErrorCode.None, 0L), (2, ErrorCode.UnknownTopicOrPartition, -1L),
                (-1, ErrorCode.UnknownTopicOrPartition, -1L), (0, ErrorCode.None, 0L),
            ],
            response.Responses[0].PartitionResponses.Select(p => (p.Index, p.ErrorCode, p.BaseOffset)));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assert.Single(response.Responses[1].PartitionResponses).ErrorCode);
        Assert.Equal((2L, 1L), (Client.EndOffset(topic), Client.EndOffset(topic, 1)));
    }

    [Fact]
    public void A_partition_named_twice_takes_both_batches_in_order()
    {
        var topic = NewTopic();

        var answers = Client.Send(
            RecordRequests.Produce(topic, -1, (0, TestBatch.Of("a", "b")), (0, TestBatch.Of("c"))), 9)
            .Responses[0].PartitionResponses;

        Assert.Equal([0L, 2L], answers.Select(answer => answer.BaseOffset));
        Assert.Equal(["a", "b", "c"], FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records).Select(r => r.Value));
    }

    [Fact]
    public void Keys_headers_and_nulls_come_back_as_they_were()
    {
        var topic = NewTopic();
        var nowMs = TestBatch.NowMs;
        Client.Produce(topic, TestBatch.Build(builder =>
        {
            builder.TryAppend(
                nowMs, "k1"u8, false, "v1"u8, false, [new("h"u8.ToArray(), "x"u8.ToArray()), new("null"u8.ToArray())]);
            builder.TryAppend(nowMs + 5, "k2"u8, false, default, true);
            builder.TryAppend(nowMs - 7, default, true, "v3"u8, false);
            builder.TryAppend(nowMs, [], false, [], false);
        }));

        Assert.Equal(
            [
                new FetchedRecord(0, nowMs, "k1", "v1", "h=x;null=null;"),
                new FetchedRecord(1, nowMs + 5, "k2", null, ""),
                new FetchedRecord(2, nowMs - 7, null, "v3", ""),
                new FetchedRecord(3, nowMs, "", "", ""),
            ],
            FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records));
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Compressed_batches_come_back_as_they_were(CompressionType compression)
    {
        var topic = NewTopic();
        var batch = TestBatch.Packed(compression, "a", "b", new string('c', 5_000));

        Client.Produce(topic, batch);

        var fetched = Client.FetchOne(topic, 0).Records;
        Assert.Equal(batch[RecordBatchHeader.SizeInBytes..], FetchedRecord.BytesOf(fetched)[RecordBatchHeader.SizeInBytes..]);
        Assert.Equal(["a", "b", new string('c', 5_000)], FetchedRecord.AllOf(fetched).Select(record => record.Value));
    }

    [Fact]
    public void Zstd_needs_version_7()
    {
        var topic = NewTopic();
        var batch = TestBatch.Packed(CompressionType.Zstd, "a");

        Assert.Equal(ErrorCode.UnsupportedCompressionType, Client.TryProduce(topic, batch, version: 6).ErrorCode);
        Assert.Equal(ErrorCode.None, Client.TryProduce(topic, batch, version: 7).ErrorCode);
    }

    [Fact]
    public void Log_append_time_is_the_brokers_and_is_told()
    {
        var topic = NewTopic(1, ("message.timestamp.type", "LogAppendTime"));
        var before = TestBatch.NowMs;

        var answer = Client.TryProduce(topic, TestBatch.At(12_345, "a", "b"));

        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.InRange(answer.LogAppendTimeMs, before, TestBatch.NowMs);
        Assert.All(
            FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records),
            record => Assert.Equal(answer.LogAppendTimeMs, record.TimestampMs));
    }

    [Fact]
    public void Internal_topics_take_records_of_the_admin_client_only()
    {
        var find = new FastLog.Protocol.Messages.FindCoordinatorRequest { Key = "group" };
        Client.Send(find, 0);
        var request = RecordRequests.Produce("__consumer_offsets", -1, (0, TestBatch.Build(
            builder => builder.TryAppend(TestBatch.NowMs, "k"u8, "v"u8))));

        Assert.Equal(
            ErrorCode.InvalidTopicException, Client.Send(request, 9).Responses[0].PartitionResponses[0].ErrorCode);
        var answer = TestClient.Decode<FastLog.Protocol.Messages.ProduceResponse>(
            Client.SendBytes(Client.Frame(request, 9, "__admin_client")), ApiKey.Produce, 9, out _);
        Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(13)]
    public void Versions_that_are_not_served_close_the_connection(short version)
    {
        // Versions 0 to 2 are advertised for old librdkafka's sake and refused like Kafka does.
        var frame = Client.Frame(RecordRequests.Produce(NewTopic(), -1, (0, TestBatch.Of("a"))), 3);
        frame[7] = (byte)version;
        Client.SendOnly(frame);

        Assert.True(Client.IsClosedByBroker());
    }

    [Fact]
    public void What_was_acknowledged_is_read_back_whole()
    {
        var topic = NewTopic();
        var random = new Random(4_711);
        var sent = new List<string>();
        for (var batch = 0; batch < 50; batch++)
        {
            var values = Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', random.Next(300)))))
                .ToArray();
            Assert.Equal(sent.Count, Client.Produce(topic, TestBatch.Of(values)));
            sent.AddRange(values);
        }

        var read = new List<FetchedRecord>();
        while (read.Count < sent.Count)
        {
            read.AddRange(FetchedRecord.AllOf(Client.FetchOne(topic, read.Count).Records));
        }

        Assert.Equal(sent, read.Select(record => record.Value));
        Assert.Equal(Enumerable.Range(0, sent.Count).Select(i => (long)i), read.Select(record => record.Offset));
    }
}
