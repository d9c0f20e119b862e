using System.Text;
using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client.Tests.Producing;

/// <summary>Batches with a bound of records, and producers that are driven by their own delivery reports.</summary>
public class SmallBatchTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 600_000)]
    public async Task No_batch_has_more_records_than_the_bound(int recordsMax, int lingerMs)
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        await using Producer producer = new(ProducerTests.Options(cluster) with
        {
            BatchRecordsMax = recordsMax,
            LingerMs = lingerMs,
        });
        TopicProducer topic = await producer.OpenTopicAsync("t", new RecordingHandler());
        await ProducerTests.AppendAsync(producer, topic, 100);
        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"value-{i}"), partitions[0].Values());
        Assert.All(partitions[0].Batches, batch => Assert.InRange(CountOf(batch), 1, recordsMax));
    }

    [Fact]
    public async Task A_full_batch_does_not_linger()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { BatchRecordsMax = 10, LingerMs = 600_000 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 15);
        await Wait.UntilAsync(() => handler.Reports.Count == 10);
        Assert.Equal(10, CountOf(partitions[0].Batches.Single()));
    }

    [Fact]
    public void A_batch_must_have_room_for_a_record() =>
        Assert.Throws<ArgumentException>(() => new Producer(new ProducerOptions { BatchRecordsMax = 0 }));

    [Theory]
    [InlineData(Acks.All, 1)]
    [InlineData(Acks.All, 5)]
    [InlineData(Acks.Leader, 16)]
    [InlineData(Acks.None, 4)]
    public async Task Producers_without_threads_of_their_own_go_on_from_their_delivery_reports(Acks acks, int window)
    {
        const int ProducersCount = 8;
        const int RecordsCount = 200;
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", ProducersCount);
        List<Chain> chains = [];
        for (int partition = 0; partition < ProducersCount; partition++)
        {
            Producer producer = new(ProducerTests.Options(cluster) with
            {
                Acks = acks,
                BatchRecordsMax = 1,
                LingerMs = 0,
                MaxInFlightRequestsPerConnection = window,
            });
            chains.Add(new Chain(producer, partition, RecordsCount));
            await chains[partition].OpenAsync();
        }

        await Task.WhenAll(chains.Select(chain => chain.RunAsync(window))).WaitAsync(Wait.Timeout());
        // Before closing: what was sent with acks=0 may still be on its way.
        await Wait.UntilAsync(() => partitions.All(partition => partition.EndOffset == RecordsCount));
        foreach (Chain chain in chains)
        {
            await chain.Producer.DisposeAsync();
        }

        Assert.All(partitions, partition => Assert.Equal(
            Enumerable.Range(0, RecordsCount).Select(i => $"value-{i}"), partition.Values()));
    }

    private static int CountOf(byte[] batch) => new RecordBatchView(batch).Header.RecordsCount;

    /// <summary>Each report appends the next record.</summary>
    private sealed class Chain(Producer producer, int partition, int recordsCount) : IDeliveryHandler
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private TopicProducer? _topic;
        private int _appended;
        private int _acknowledged;

        public Producer Producer => producer;

        public async Task OpenAsync() => _topic = await producer.OpenTopicAsync("t", this);

        public Task RunAsync(int window)
        {
            for (int i = 0; i < window; i++)
            {
                Append();
            }

            return _ended.Task;
        }

        public void OnDelivered(in DeliveryReport report)
        {
            if (report.ErrorCode != ErrorCode.None)
            {
                _ended.TrySetException(KafkaException.For(report.ErrorCode, "t", report.ErrorMessage));
            }
            else if (Interlocked.Increment(ref _acknowledged) == recordsCount)
            {
                _ended.TrySetResult();
            }
            else
            {
                Append();
            }
        }

        private void Append()
        {
            // Reports of acks=0 come on the sending thread, inside of an append: the lock is taken again by its owner.
            lock (_gate)
            {
                if (_appended == recordsCount)
                {
                    return;
                }

                byte[] value = Encoding.UTF8.GetBytes($"value-{_appended++}");
                Assert.True(_topic!.TryAppend(partition, TopicProducer.Now, default, true, value, valueIsNull: false));
            }
        }
    }
}
