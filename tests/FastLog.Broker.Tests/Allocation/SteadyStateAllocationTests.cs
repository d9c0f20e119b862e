using FastLog.Broker.Tests.Groups;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Broker.Tests.Allocation;

/// <summary>
/// Counts what a whole broker allocates while records go in and out: all threads, all rooms. Sockets, flusher and
/// thread pool may allocate now and then for themselves, so the bound is far below one byte a record, not zero.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed class SteadyStateAllocationTests
{
    private const int WarmUpRequests = 3_000;
    private const int Windows = 4;
    private const int Requests = 500;
    private const int RecordsPerBatch = 100;

#if DEBUG
    // The compiler makes async state machines classes in debug builds: a few hundred bytes a request, by design.
    private const long AllocatedBytesMax = Requests * 1_500;
    private const long CommitBytesMax = Requests * 3_000;
#else
    // A fifth of a byte a record: one object of the smallest size (24 bytes) per batch would exceed it.
    private const long AllocatedBytesMax = Requests * RecordsPerBatch / 5;
    // A commit is a turn of its group's shard: records, answer and what waits for the disk are objects of their own.
    private const long CommitBytesMax = Requests * 1_300;
#endif

    [Fact]
    public async Task Producing_allocates_nothing_per_record_or_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        CreateTopic(client);
        var frame = client.Frame(ProduceRequestOf(RecordsPerBatch), version: 9);

        Assert.InRange(CountAllocated(() => client.SendBytes(frame)), 0, AllocatedBytesMax);
        Assert.Equal((WarmUpRequests + (Windows * Requests)) * (long)RecordsPerBatch, EndOffset(client));
    }

    [Fact]
    public async Task Fetching_allocates_nothing_per_record_or_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        CreateTopic(client);
        client.SendBytes(client.Frame(ProduceRequestOf(RecordsPerBatch), version: 9));
        var frame = client.Frame(FetchRequestOf(offset: 0), version: 12);
        Assert.True(client.SendBytes(frame).Length > RecordsPerBatch * 100);

        Assert.InRange(CountAllocated(() => client.SendBytes(frame)), 0, AllocatedBytesMax);
    }

    [Fact]
    public async Task Waiting_at_the_end_of_the_log_allocates_nothing_per_record_or_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Connect();
        using var consumer = broker.Connect();
        CreateTopic(producer);
        var produce = producer.Frame(ProduceRequestOf(RecordsPerBatch), version: 9);
        var next = 0L;
        var fetches = Enumerable.Range(0, WarmUpRequests + (Windows * Requests))
            .Select(i => consumer.Frame(FetchRequestOf(i * (long)RecordsPerBatch), version: 12))
            .ToArray();

        var allocated = CountAllocated(() =>
        {
            consumer.SendOnly(fetches[next++]);
            producer.SendBytes(produce);
            consumer.Receive();
        });

        Assert.InRange(allocated, 0, AllocatedBytesMax);
    }

    [Fact]
    public async Task Committing_offsets_allocates_a_bounded_amount()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        var frame = client.Frame(OffsetRequests.Commit("g", "t", (0, 5)), version: 8);

        Assert.InRange(CountAllocated(() => client.SendBytes(frame)), 0, CommitBytesMax);
        Assert.Equal(5, OffsetRequests.Fetch(client, "g")[("t", 0)]);
    }

    private static long CountAllocated(Action request)
    {
        for (var i = 0; i < WarmUpRequests; i++)
        {
            request();
        }

        // What a request allocates shows in every window; what runtime and thread pool do now and then does not.
        var least = long.MaxValue;
        for (var window = 0; window < Windows; window++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Requests; i++)
            {
                request();
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static void CreateTopic(TestClient client)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        var topic = request.Topics.Add();
        topic.Name = "steady";
        topic.NumPartitions = 1;
        topic.ReplicationFactor = 1;
        Assert.Equal(ErrorCode.None, client.Send(request, 7).Topics[0].ErrorCode);
    }

    private static long EndOffset(TestClient client)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        var topic = request.Topics.Add();
        topic.Name = "steady";
        topic.Partitions.Add().Timestamp = -1;
        return client.Send(request, 7).Topics[0].Partitions[0].Offset;
    }

    private static ProduceRequest ProduceRequestOf(int records)
    {
        using var builder = new RecordBatchBuilder();
        builder.Begin();
        var value = new byte[100];
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < records; i++)
        {
            builder.TryAppend(nowMs, [], value);
        }

        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        var topic = request.TopicData.Add();
        topic.Name = "steady";
        topic.PartitionData.Add().Records = new RecordsField(builder.Build().ToArray());
        return request;
    }

    private static FetchRequest FetchRequestOf(long offset)
    {
        var request = new FetchRequest { MaxWaitMs = 10_000, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1 };
        var topic = request.Topics.Add();
        topic.Topic = "steady";
        var partition = topic.Partitions.Add();
        partition.FetchOffset = offset;
        partition.PartitionMaxBytes = 1 << 20;
        return request;
    }
}
