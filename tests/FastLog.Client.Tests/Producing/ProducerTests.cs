using System.Text;
using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client.Tests.Producing;

public class ProducerTests
{
    [Fact]
    public async Task A_record_comes_to_rest_with_key_value_headers_and_time()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 3);
        await using Producer producer = new(Options(cluster));
        DeliveryResult result = await producer.ProduceAsync(
            "t",
            new ProducerRecord
            {
                Key = "21"u8.ToArray(),
                Value = "v"u8.ToArray(),
                Headers = [new RecordHeader("h"u8.ToArray(), "x"u8.ToArray()), new RecordHeader("n"u8.ToArray())],
                TimestampMs = 1_700_000_000_123,
            });
        int partition = KeyPartitioner.PartitionFor("21"u8, 3);
        Assert.Equal(new DeliveryResult("t", partition, 0, -1), result);
        RecordBatchView batch = new(partitions[partition].Batches.Single());
        Assert.True(batch.Header.HasProducerId);
        foreach (RecordView record in batch)
        {
            Assert.Equal("21", Encoding.UTF8.GetString(record.Key));
            Assert.Equal("v", Encoding.UTF8.GetString(record.Value));
            Assert.Equal(1_700_000_000_123, record.TimestampMs);
            Assert.Equal(2, record.HeaderCount);
        }
    }

    [Fact]
    public async Task Nulls_stay_nulls()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        await using Producer producer = new(Options(cluster));
        await producer.ProduceAsync("t", new ProducerRecord());
        foreach (RecordView record in new RecordBatchView(partitions[0].Batches.Single()))
        {
            Assert.True(record.KeyIsNull);
            Assert.True(record.ValueIsNull);
        }
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Order_holds_in_every_compression(CompressionType compression)
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 2);
        RecordingHandler handler = new();
        await using Producer producer = new(Options(cluster) with { CompressionType = compression, BatchSizeBytes = 1000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 3000, partitionsCount: 2);
        await producer.FlushAsync();
        for (int partition = 0; partition < 2; partition++)
        {
            Assert.Equal(
                Enumerable.Range(0, 3000).Where(i => i % 2 == partition).Select(i => $"value-{i}"),
                partitions[partition].Values());
        }

        Assert.Equal(3000, handler.Reports.Count(report => report.Value.Error == ErrorCode.None));
        Assert.All(handler.Reports, report => Assert.Equal(report.Key / 2, report.Value.Offset));
        Assert.All(cluster.Produced.SelectMany(headers => headers), header => Assert.Equal(compression, header.CompressionType));
    }

    [Fact]
    public async Task Records_linger_for_company_and_leave_when_the_time_is_up()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        ManualTime time = new();
        RecordingHandler handler = new();
        await using Producer producer = new(Options(cluster) with { LingerMs = 50, TimeProvider = time });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 10);
        Assert.Empty(cluster.Produced);
        time.Advance(49);
        Assert.Empty(cluster.Produced);
        // A clock that stands still can stop between the reading of the time and the setting of a timer by it.
        await Wait.UntilAsync(() =>
        {
            time.Advance(1);
            return handler.Reports.Count == 10;
        });
        Assert.Equal(10, new RecordBatchView(partitions[0].Batches.Single()).Header.RecordsCount);
    }

    [Fact]
    public async Task A_full_batch_does_not_linger()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(
            Options(cluster) with { LingerMs = 60_000, BatchSizeBytes = 500, TimeProvider = new ManualTime() });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 100);
        await Wait.UntilAsync(() => handler.Reports.Count > 50);
        Assert.All(partitions[0].Batches, batch => Assert.InRange(batch.Length, 400, 500));
        await producer.FlushAsync();
        Assert.Equal(100, handler.Reports.Count);
    }

    [Fact]
    public async Task Exhausted_memory_refuses_waits_and_goes_on()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(
            Options(cluster) with { BufferMemoryBytes = 4096, BatchSizeBytes = 100_000, LingerMs = 600_000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        int refusals = await AppendAsync(producer, topic, 2000);
        Assert.InRange(refusals, 1, 2000);
        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"value-{i}"), partitions[0].Values());
        Assert.Equal(0, producer.BufferedBytes);
    }

    [Fact]
    public async Task Acks_none_reports_without_offsets()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using (Producer producer = new(Options(cluster) with { Acks = Acks.None }))
        {
            TopicProducer topic = await producer.OpenTopicAsync("t", handler);
            await AppendAsync(producer, topic, 100);
            await producer.FlushAsync();
            Assert.All(handler.Reports, report => Assert.Equal((0, -1L, ErrorCode.None), report.Value));
            await Wait.UntilAsync(() => partitions[0].EndOffset == 100);
        }
    }

    [Fact]
    public async Task One_partition_gets_one_batch_a_request_and_requests_are_shared()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t", 8);
        RecordingHandler handler = new();
        await using Producer producer = new(Options(cluster) with { LingerMs = 600_000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 80, partitionsCount: 8);
        await producer.FlushAsync();
        Assert.Equal(80, handler.Reports.Count);
        Assert.Equal(8, cluster.Produced.Sum(headers => headers.Count));
        Assert.InRange(cluster.Produced.Count, 1, 3);
    }

    [Fact]
    public async Task Sequence_numbers_follow_each_other_within_a_partition()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        await using Producer producer = new(Options(cluster) with { BatchSizeBytes = 300 });
        TopicProducer topic = await producer.OpenTopicAsync("t", new RecordingHandler());
        await AppendAsync(producer, topic, 500);
        await producer.FlushAsync();
        int next = 0;
        foreach (RecordBatchHeader header in cluster.Produced.SelectMany(headers => headers))
        {
            Assert.Equal(next, header.BaseSequence);
            next += header.RecordsCount;
        }

        Assert.Equal(500, next);
    }

    [Fact]
    public async Task A_record_that_is_too_large_is_refused_here()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        await using Producer producer = new(Options(cluster) with { MaxRequestSizeBytes = 1000 });
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(
            () => producer.ProduceAsync("t", new ProducerRecord { Value = new byte[1000] }));
        Assert.Equal(ErrorCode.MessageTooLarge, e.ErrorCode);
    }

    [Fact]
    public async Task An_error_of_the_broker_reaches_the_caller()
    {
        await using FakeCluster cluster = new() { FaultError = ErrorCode.InvalidRecord };
        cluster.Create("t");
        cluster.NextFault = () => ProduceFault.Refuse;
        await using Producer producer = new(Options(cluster));
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(
            () => producer.ProduceAsync("t", new ProducerRecord { Value = "v"u8.ToArray() }));
        Assert.Equal(ErrorCode.InvalidRecord, e.ErrorCode);
    }

    [Fact]
    public async Task A_topic_that_the_broker_creates_is_waited_for()
    {
        await using FakeCluster cluster = new() { AutoCreates = true };
        await using Producer producer = new(Options(cluster));
        DeliveryResult result = await producer.ProduceAsync("new", new ProducerRecord { Value = "v"u8.ToArray() });
        Assert.Equal(0, result.Offset);
    }

    [Fact]
    public async Task A_name_that_cannot_be_is_said_at_once()
    {
        await using FakeCluster cluster = new();
        await using Producer producer = new(Options(cluster));
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(
            () => producer.ProduceAsync("a/b", new ProducerRecord()));
        Assert.Equal(ErrorCode.InvalidTopicException, e.ErrorCode);
    }

    [Fact]
    public async Task An_unreachable_broker_is_said_in_one_line()
    {
        await using Producer producer = new(new ProducerOptions { BootstrapServers = "127.0.0.1:1" });
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => producer.ProduceAsync("t", new ProducerRecord()));
        Assert.Equal("cannot reach 127.0.0.1:1: Connection refused", e.Message);
    }

    [Fact]
    public async Task Two_handlers_hear_of_their_own_records_only()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler even = new();
        RecordingHandler odd = new();
        await using Producer producer = new(Options(cluster));
        TopicProducer[] topics = [await producer.OpenTopicAsync("t", even), await producer.OpenTopicAsync("t", odd)];
        for (int i = 0; i < 100; i++)
        {
            Assert.True(topics[i % 2].TryAppend(Encoding.UTF8.GetBytes($"value-{i}"), token: i));
        }

        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"value-{i}"), partitions[0].Values());
        Assert.All(even.Reports.Keys, token => Assert.Equal(0, token % 2));
        Assert.All(odd.Reports.Keys, token => Assert.Equal(1, token % 2));
        Assert.Equal(100, even.Reports.Count + odd.Reports.Count);
    }

    [Fact]
    public async Task New_partitions_are_found_and_used()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t", 1);
        ManualTime time = new();
        await using Producer producer = new(Options(cluster) with { TimeProvider = time, MetadataAgeMsMax = 1000, LingerMs = 0 });
        TopicProducer topic = await producer.OpenTopicAsync("t", new RecordingHandler());
        cluster.Grow("t", 4);
        time.Advance(2000);
        await Wait.UntilAsync(() => topic.PartitionsCount == 4);
        Assert.True(topic.TryAppend(3, TopicProducer.Now, "k"u8, false, "v"u8, false));
        await producer.FlushAsync();
        Assert.Equal(1, cluster.Partition("t", 3)!.EndOffset);
    }

    [Fact]
    public async Task Closing_sends_what_is_left()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        Producer producer = new(Options(cluster) with { LingerMs = 600_000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 10);
        await producer.DisposeAsync();
        Assert.Equal(10, partitions[0].EndOffset);
        Assert.Equal(10, handler.Reports.Count);
        Assert.Throws<ObjectDisposedException>(() => topic.TryAppend("late"u8));
    }

    [Fact]
    public async Task Aborting_reports_what_is_left_as_failed()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        RecordingHandler handler = new();
        Producer producer = new(Options(cluster) with { LingerMs = 600_000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await AppendAsync(producer, topic, 10);
        await producer.AbortAsync();
        Assert.Equal(10, handler.Reports.Count(report => report.Value.Error == ErrorCode.NetworkException));
        Assert.Equal(0, producer.BufferedBytes);
    }

    internal static ProducerOptions Options(FakeCluster cluster) => new()
    {
        BootstrapServers = cluster.BootstrapServers,
        LingerMs = 1,
        RetryBackoffMs = 1,
        RetryBackoffMsMax = 5,
    };

    /// <summary>Appends value-0, value-1, ... in turn to partitions; returns how often it had to wait.</summary>
    internal static async Task<int> AppendAsync(
        Producer producer, TopicProducer topic, int count, int partitionsCount = 1, int from = 0)
    {
        int refusals = 0;
        for (int i = from; i < from + count; i++)
        {
            byte[] value = Encoding.UTF8.GetBytes($"value-{i}");
            while (!topic.TryAppend(i % partitionsCount, TopicProducer.Now, default, true, value, false, token: i))
            {
                refusals++;
                await producer.WaitForSpaceAsync(Wait.Timeout());
            }
        }

        return refusals;
    }
}
