using FastLog.Protocol;
using FastLog.Records;
using Xunit.Abstractions;

namespace FastLog.Client.Tests.Allocation;

/// <summary>Counts of the whole process, so nothing else may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

[Collection(AloneCollection.Name)]
public class AllocationTests(ITestOutputHelper output)
{
    private const int WarmUpRecords = 300_000;
    private const int CountedRecords = 500_000;

    /// <summary>What timers and the runtime itself may allocate meanwhile, in bytes a record: an object for each record
    /// would be 24 and more, an object for each batch of 1000 records 0.024.</summary>
#if DEBUG
    // A debug build makes an object of every async method that waits: one or two for each fetch.
    private const double BytesPerRecordMax = 0.5;
#else
    private const double BytesPerRecordMax = 0.02;
#endif

    [Fact]
    public async Task Producing_through_the_callback_allocates_nothing()
    {
        await using QuietBroker broker = new();
        await using Producer producer = new(new ProducerOptions
        {
            BootstrapServers = broker.EndPoint.ToString(),
            // Little enough that the warm-up has all the batches in use that there will be.
            BufferMemoryBytes = 2 * 1024 * 1024,
        });
        CountingHandler handler = new();
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProduceAsync(producer, topic, WarmUpRecords);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await ProduceAsync(producer, topic, CountedRecords);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{allocated} bytes, {(double)allocated / CountedRecords:F4} a record");
        Assert.Equal(WarmUpRecords + CountedRecords, handler.RecordsStored);
        Assert.InRange((double)allocated / CountedRecords, 0, BytesPerRecordMax);
    }

    [Fact]
    public async Task Consuming_through_spans_allocates_nothing()
    {
        await using QuietBroker broker = new();
        await using Consumer consumer = new(new ConsumerOptions { BootstrapServers = broker.EndPoint.ToString() });
        consumer.Assign(new TopicAndPartition("t", 0), StartPosition.AtOffset(0));
        await ConsumeAsync(consumer, WarmUpRecords);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        long read = await ConsumeAsync(consumer, CountedRecords);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{allocated} bytes, {(double)allocated / read:F4} a record");
        Assert.InRange((double)allocated / read, 0, BytesPerRecordMax);
    }

    private static async Task ProduceAsync(Producer producer, TopicProducer topic, int count)
    {
        byte[] value = new byte[100];
        for (int i = 0; i < count; i++)
        {
            while (!topic.TryAppend(0, 1, default, keyIsNull: true, value, valueIsNull: false, default, i))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
    }

    private static async Task<long> ConsumeAsync(Consumer consumer, int count)
    {
        long read = 0;
        long bytes = 0;
        while (read < count)
        {
            using FetchedRecords fetched = await consumer.ReadAsync();
            foreach (RecordView record in fetched)
            {
                read++;
                bytes += record.Value.Length;
            }
        }

        Assert.Equal(100 * read, bytes);
        return read;
    }

    private sealed class CountingHandler : IDeliveryHandler
    {
        private long _recordsStored;

        public long RecordsStored => Volatile.Read(ref _recordsStored);

        public void OnDelivered(in DeliveryReport report)
        {
            Assert.Equal(ErrorCode.None, report.ErrorCode);
            Interlocked.Add(ref _recordsStored, report.RecordsCount);
        }
    }
}
