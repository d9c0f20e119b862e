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
    private const int RecordsPerRound = 1_000_000;
    private const int RequestsPerRound = 20_000;

    /// <summary>Pools and buffers grow in the first rounds; one round without that is enough to show that nothing else
    /// allocates.</summary>
    private const int RoundsMax = 6;

    /// <summary>What timers and threads of the runtime may allocate meanwhile, in bytes a record: an object for each record
    /// would be 24 and more, one of 50 bytes for each batch of 1000 records 0.05.</summary>
#if DEBUG
    // A debug build makes an object of every async method that waits: one or two for each fetch.
    private const double BytesPerRecordMax = 0.5;
    private const double BytesPerRequestMax = 3000;
#else
    private const double BytesPerRecordMax = 0.04;

    /// <summary>The same for requests of one record: an object for each would be 24 bytes and more.</summary>
    private const double BytesPerRequestMax = 4;
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
        double best = await LeastAsync(() => ProduceAsync(producer, topic), RecordsPerRound, BytesPerRecordMax);
        Assert.Equal(0, handler.RecordsStored % RecordsPerRound);
        Assert.True(handler.RecordsStored > RecordsPerRound);
        Assert.InRange(best, 0, BytesPerRecordMax);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(64, false)]
    public async Task A_request_of_one_record_allocates_nothing(int requestsInFlight, bool isIdempotent)
    {
        await using QuietBroker broker = new();
        await using Producer producer = new(new ProducerOptions
        {
            BootstrapServers = broker.EndPoint.ToString(),
            BatchRecordsMax = 1,
            LingerMs = 0,
            MaxInFlightRequestsPerConnection = requestsInFlight,
            EnableIdempotence = isIdempotent,
        });
        ChainingHandler handler = new();
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        double best = await LeastAsync(
            () => handler.RunAsync(topic, RequestsPerRound, requestsInFlight), RequestsPerRound, BytesPerRequestMax);
        Assert.InRange(best, 0, BytesPerRequestMax);
    }

    [Fact]
    public async Task Consuming_through_spans_allocates_nothing()
    {
        await using QuietBroker broker = new();
        await using Consumer consumer = new(new ConsumerOptions { BootstrapServers = broker.EndPoint.ToString() });
        consumer.Assign(new TopicAndPartition("t", 0), StartPosition.AtOffset(0));
        double best = await LeastAsync(() => ConsumeAsync(consumer), RecordsPerRound, BytesPerRecordMax);
        Assert.InRange(best, 0, BytesPerRecordMax);
    }

    private async Task<double> LeastAsync(Func<Task> round, int count, double enough)
    {
        double least = double.MaxValue;
        await round();
        for (int i = 0; i < RoundsMax && least > enough; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            output.WriteLine($"{allocated} bytes, {(double)allocated / count:F4} each");
            least = Math.Min(least, (double)allocated / count);
        }

        return least;
    }

    private static async Task ProduceAsync(Producer producer, TopicProducer topic)
    {
        byte[] value = new byte[100];
        for (int i = 0; i < RecordsPerRound; i++)
        {
            while (!topic.TryAppend(0, 1, default, keyIsNull: true, value, valueIsNull: false, default, i))
            {
                await producer.WaitForSpaceAsync();
            }
        }

        await producer.FlushAsync();
    }

    private static async Task ConsumeAsync(Consumer consumer)
    {
        long read = 0;
        long bytes = 0;
        while (read < RecordsPerRound)
        {
            using FetchedRecords fetched = await consumer.ReadAsync();
            foreach (RecordView record in fetched)
            {
                read++;
                bytes += record.Value.Length;
            }
        }

        Assert.Equal(100 * read, bytes);
    }

    private sealed class CountingHandler : IDeliveryHandler
    {
        private long _recordsStored;

        public long RecordsStored => Volatile.Read(ref _recordsStored);

        public void OnDelivered(in DeliveryReport report)
        {
            Interlocked.Add(ref _recordsStored, report.ErrorCode == ErrorCode.None ? report.RecordsCount : 0);
        }
    }

    /// <summary>Appends the next record whenever one was stored, so that a number of them is always on its way.</summary>
    private sealed class ChainingHandler : IDeliveryHandler
    {
        private readonly byte[] _value = new byte[100];
        private TaskCompletionSource _ended = new();
        private TopicProducer? _topic;
        private int _toAppend;
        private int _toStore;

        public Task RunAsync(TopicProducer topic, int count, int window)
        {
            _topic = topic;
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _toStore = count;
            Volatile.Write(ref _toAppend, count);
            for (int i = 0; i < window; i++)
            {
                Append();
            }

            return _ended.Task;
        }

        public void OnDelivered(in DeliveryReport report)
        {
            if (report.ErrorCode != ErrorCode.None || report.RecordsCount != 1)
            {
                _ended.TrySetException(new InvalidOperationException($"{report.RecordsCount} records: {report.ErrorCode}"));
            }
            else if (Interlocked.Decrement(ref _toStore) == 0)
            {
                _ended.SetResult();
            }
            else
            {
                Append();
            }
        }

        private void Append()
        {
            if (Interlocked.Decrement(ref _toAppend) >= 0)
            {
                bool isAppended = _topic!.TryAppend(0, 1, default, keyIsNull: true, _value, valueIsNull: false);
                Assert.True(isAppended);
            }
        }
    }
}
