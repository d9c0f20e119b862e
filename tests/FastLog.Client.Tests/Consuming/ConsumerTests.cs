using System.Text;
using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client.Tests.Consuming;

public class ConsumerTests
{
    private static readonly TopicAndPartition First = new("t", 0);

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Reads_everything_in_order_in_every_compression(CompressionType compression)
    {
        await using FakeCluster cluster = new();
        Fill(cluster.Create("t")[0], batchesCount: 50, recordsPerBatch: 20, compression);
        await using Consumer consumer = new(Options(cluster) with { MaxPartitionFetchBytes = 2000 });
        await consumer.AssignTopicAsync("t", StartPosition.Earliest);
        List<ConsumedRecord> records = await ReadAsync(consumer, 1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), records.Select(record => record.Offset));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"v{i}"), records.Select(ValueOf));
        Assert.Equal(1000, consumer.Position(First));
        Assert.Equal(1000, consumer.HighWatermark(First));
    }

    [Fact]
    public async Task Starts_in_the_middle_of_a_batch()
    {
        await using FakeCluster cluster = new();
        Fill(cluster.Create("t")[0], 5, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.AtOffset(17));
        Assert.Equal(17, consumer.Position(First));
        List<ConsumedRecord> records = await ReadAsync(consumer, 33);
        Assert.Equal(17, records[0].Offset);
        Assert.Equal(49, records[^1].Offset);
    }

    [Fact]
    public async Task Starts_at_a_time_and_at_the_end_when_nothing_is_that_late()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 5, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.AtTimestamp(1025));
        Assert.Equal(25, (await ReadAsync(consumer, 1))[0].Offset);
        consumer.Seek(First, StartPosition.AtTimestamp(999_999));
        await Wait.UntilAsync(() => consumer.Position(First) == 50);
        lock (cluster.Gate)
        {
            Fill(partition, 1, 1);
        }

        Assert.Equal(50, (await ReadAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task Follows_what_is_written_after_the_end()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 1, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Latest);
        await Wait.UntilAsync(() => consumer.Position(First) == 10);
        lock (cluster.Gate)
        {
            Fill(partition, 1, 10);
        }

        Assert.Equal(10, (await ReadAsync(consumer, 10))[0].Offset);
    }

    [Fact]
    public async Task An_offset_that_is_gone_goes_to_the_first_record_that_is_there()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 5, 10);
        partition.LogStartOffset = 20;
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.AtOffset(5));
        Assert.Equal(20, (await ReadAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task Without_a_reset_an_offset_that_is_gone_is_an_error_until_a_seek()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 5, 10);
        await using Consumer consumer = new(Options(cluster) with { OffsetReset = OffsetReset.None });
        consumer.Assign(First, StartPosition.AtOffset(99));
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        Assert.Equal(ErrorCode.OffsetOutOfRange, e.ErrorCode);
        consumer.Seek(First, StartPosition.AtOffset(40));
        Assert.Equal(40, (await ReadAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task A_damaged_log_is_an_error_and_not_tried_for_ever()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 5, 10);
        partition.FetchError = ErrorCode.CorruptMessage;
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.AtOffset(20));
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(() => consumer.ReadAsync(Wait.Timeout()).AsTask());
        Assert.Equal(ErrorCode.CorruptMessage, e.ErrorCode);
        Assert.Contains("damaged at offset 20", e.Message, StringComparison.Ordinal);
        partition.FetchError = ErrorCode.None;
        consumer.Seek(First, StartPosition.AtOffset(40));
        Assert.Equal(40, (await ReadAsync(consumer, 1))[0].Offset);
    }

    [Fact]
    public async Task A_seek_drops_what_was_fetched_ahead()
    {
        await using FakeCluster cluster = new();
        Fill(cluster.Create("t")[0], 50, 10);
        await using Consumer consumer = new(Options(cluster) with { MaxPartitionFetchBytes = 500 });
        consumer.Assign(First, StartPosition.Earliest);
        await ReadAsync(consumer, 10);
        consumer.Seek(First, StartPosition.AtOffset(300));
        List<ConsumedRecord> records = await ReadAsync(consumer, 200);
        Assert.Equal(Enumerable.Range(300, 200).Select(i => (long)i), records.Select(record => record.Offset));
    }

    [Fact]
    public async Task A_partition_without_a_leader_does_not_keep_the_others_waiting()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 2);
        partitions[1].LeaderId = -1;
        Fill(partitions[0], 1, 10);
        Fill(partitions[1], 1, 10);
        await using Consumer consumer = new(Options(cluster));
        await consumer.AssignTopicAsync("t", StartPosition.Earliest);
        Assert.All(await ReadAsync(consumer, 10), record => Assert.Equal(0, record.Partition));
        lock (cluster.Gate)
        {
            partitions[1].LeaderId = cluster.Brokers[0].NodeId;
        }

        Assert.All(await ReadAsync(consumer, 10), record => Assert.Equal(1, record.Partition));
    }

    [Fact]
    public async Task Whatever_is_given_back_first_reading_goes_back_to_all_that_was_not_taken()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 1, 10);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Earliest);
        FetchedRecords first = await consumer.ReadAsync(Wait.Timeout());
        lock (cluster.Gate)
        {
            Fill(partition, 1, 10);
        }

        FetchedRecords second = await consumer.ReadAsync(Wait.Timeout());
        first.TakeUntil(5);
        second.TakeUntil(15);
        second.Dispose();
        first.Dispose();
        Assert.Equal(Enumerable.Range(5, 15).Select(i => (long)i), (await ReadAsync(consumer, 15)).Select(record => record.Offset));
    }

    [Fact]
    public async Task A_paused_partition_rests_and_goes_on_without_a_gap()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 2);
        Fill(partitions[0], 20, 10);
        Fill(partitions[1], 20, 10);
        await using Consumer consumer = new(Options(cluster) with { MaxPartitionFetchBytes = 500 });
        await consumer.AssignTopicAsync("t", StartPosition.Earliest);
        List<ConsumedRecord> records = await ReadAsync(consumer, 30);
        consumer.Pause(First);
        int readOfFirst = records.Count(record => record.Partition == 0);
        records = await ReadAsync(consumer, 200 - records.Count(record => record.Partition == 1));
        Assert.All(records, record => Assert.Equal(1, record.Partition));
        consumer.Resume(First);
        records = await ReadAsync(consumer, 200 - readOfFirst);
        Assert.Equal(Enumerable.Range(readOfFirst, 200 - readOfFirst).Select(i => (long)i), records.Select(r => r.Offset));
    }

    [Fact]
    public async Task A_partition_that_moves_is_followed_without_gap_or_repetition()
    {
        await using FakeCluster cluster = new(brokersCount: 2);
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 100, 10);
        await using Consumer consumer = new(Options(cluster) with { MaxPartitionFetchBytes = 1000 });
        consumer.Assign(First, StartPosition.Earliest);
        List<ConsumedRecord> records = await ReadAsync(consumer, 200);
        lock (cluster.Gate)
        {
            partition.LeaderId = 2;
        }

        records.AddRange(await ReadAsync(consumer, 1000 - records.Count));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), records.Select(record => record.Offset));
    }

    [Fact]
    public async Task A_lost_connection_loses_no_record()
    {
        await using FakeCluster cluster = new();
        Fill(cluster.Create("t")[0], 100, 10);
        await using Consumer consumer = new(Options(cluster) with { MaxPartitionFetchBytes = 1000 });
        consumer.Assign(First, StartPosition.Earliest);
        List<ConsumedRecord> records = [];
        for (int i = 0; i < 10; i++)
        {
            records.AddRange(await ReadAsync(consumer, 50));
            cluster.Brokers[0].DisconnectAll();
        }

        records.AddRange(await ReadAsync(consumer, 1000 - records.Count));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), records.Select(record => record.Offset));
    }

    [Fact]
    public async Task A_flipped_bit_is_found()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 1, 10);
        partition.CorruptLastBatch();
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Earliest);
        using FetchedRecords fetched = await consumer.ReadAsync(Wait.Timeout());
        KafkaException e = Assert.Throws<KafkaException>(() => fetched.ToList());
        Assert.Equal(ErrorCode.CorruptMessage, e.ErrorCode);
        Assert.StartsWith("t-0: the batch at offset 0 is corrupt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_records_are_passed_over()
    {
        await using FakeCluster cluster = new();
        FakePartition partition = cluster.Create("t")[0];
        Fill(partition, 1, 3);
        partition.AppendUnchecked(Marker(producerId: 7, committed: true));
        Fill(partition, 1, 3);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Earliest);
        Assert.Equal([0L, 1, 2, 4, 5, 6], (await ReadAsync(consumer, 6)).Select(record => record.Offset));
        Assert.Equal(7, consumer.Position(First));
    }

    [Fact]
    public async Task A_broker_without_topic_ids_is_asked_by_name()
    {
        await using FakeCluster cluster = new();
        cluster.VersionMax[ApiKey.Fetch] = 12;
        cluster.VersionMax[ApiKey.Metadata] = 9;
        Fill(cluster.Create("t")[0], 1, 3);
        await using Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Earliest);
        Assert.Equal(3, (await ReadAsync(consumer, 3)).Count);
    }

    [Fact]
    public async Task An_unknown_topic_is_said_at_once()
    {
        await using FakeCluster cluster = new();
        await using Consumer consumer = new(Options(cluster));
        KafkaException e = await Assert.ThrowsAsync<KafkaException>(
            () => consumer.AssignTopicAsync("nope", StartPosition.Earliest));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, e.ErrorCode);
    }

    [Fact]
    public async Task Reading_can_be_cancelled_and_closing_ends_it()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        Consumer consumer = new(Options(cluster));
        consumer.Assign(First, StartPosition.Earliest);
        using CancellationTokenSource cancel = new();
        Task<FetchedRecords> reading = consumer.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        reading = consumer.ReadAsync().AsTask();
        await consumer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading).WaitAsync(Wait.Limit);
    }

    internal static ConsumerOptions Options(FakeCluster cluster) => new()
    {
        BootstrapServers = cluster.BootstrapServers,
        FetchMaxWaitMs = 20,
        RetryBackoffMs = 1,
        RetryBackoffMsMax = 5,
    };

    /// <summary>Appends batches of records v0, v1, ... with timestamps from 1000 on.</summary>
    internal static void Fill(
        FakePartition partition, int batchesCount, int recordsPerBatch, CompressionType compression = CompressionType.None)
    {
        using RecordBatchBuilder builder = new();
        for (int batch = 0; batch < batchesCount; batch++)
        {
            builder.Begin(compression: compression);
            for (int i = 0; i < recordsPerBatch; i++)
            {
                long number = partition.EndOffset + i;
                builder.TryAppend(1000 + number, "key"u8, Encoding.UTF8.GetBytes($"v{number}"));
            }

            partition.AppendUnchecked(builder.Build().ToArray());
        }
    }

    private static byte[] Marker(long producerId, bool committed)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(producerId: producerId, producerEpoch: 0, isTransactional: true, isControl: true);
        builder.AppendEndTransaction(1, committed, coordinatorEpoch: 0);
        return builder.Build().ToArray();
    }

    private static async Task<List<ConsumedRecord>> ReadAsync(Consumer consumer, int count)
    {
        List<ConsumedRecord> records = [];
        while (records.Count < count)
        {
            using FetchedRecords fetched = await consumer.ReadAsync(Wait.Timeout());
            records.AddRange(fetched.ToList());
        }

        return records;
    }

    private static string ValueOf(ConsumedRecord record) => Encoding.UTF8.GetString(record.Value!.Value.Span);
}
