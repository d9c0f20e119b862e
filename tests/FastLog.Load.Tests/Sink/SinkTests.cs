using System.Collections.Concurrent;
using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Payloads;
using FastLog.Load.Results;
using FastLog.Load.Sink;
using FastLog.Protocol;

namespace FastLog.Load.Tests.Sink;

/// <summary>Loads against a sink that only acknowledges, in this process.</summary>
public sealed class SinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(Acks.All, true)]
    [InlineData(Acks.Leader, false)]
    [InlineData(Acks.None, false)]
    public async Task A_real_producer_is_content_with_it(Acks acks, bool isIdempotent)
    {
        await using SinkServer sink = new(port: 0, partitionsCount: 3);
        Deliveries deliveries = new();
        await using Producer producer = new(new ProducerOptions
        {
            BootstrapServers = sink.EndPoint.ToString(),
            Acks = acks,
            EnableIdempotence = isIdempotent,
        });
        TopicProducer topic = await producer.OpenTopicAsync("any", deliveries).WaitAsync(Patience);
        Assert.Equal(3, topic.PartitionsCount);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(topic.TryAppend(i % 3, TopicProducer.Now, default, true, "value"u8, false));
        }

        await producer.FlushAsync().WaitAsync(Patience);
        Assert.Equal([100, 100, 100], deliveries.ByPartition());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Every_record_of_a_closed_loop_is_counted_once(int producersCount, bool isOneRecordPerRequest)
    {
        await using SinkServer sink = new(port: 0, partitionsCount: 4);
        ProduceSettings settings = new()
        {
            ProducersCount = producersCount,
            Sizes = new RecordSizes(20, 40),
            Keys = KeyDistribution.Parse("zipf:100"),
            Spread = Spread.ByKey,
            BatchRecordsMax = isOneRecordPerRequest ? 1 : int.MaxValue,
            BufferMemoryBytes = 256 * 1024,
        };
        LoadExtent extent = new() { RecordsCount = 2_001, WarmupRecordsCount = 100 };
        LoadResult result = await RunAsync(sink, settings, extent);
        Assert.Equal((2_001L, 2_001L, producersCount), (result.RecordsCount, result.Produced!.RecordsCount, result.Produced.ClientsCount));
        Assert.InRange(result.BytesCount, 2_001 * 28, 2_001 * 32);
        Assert.Equal(2_001, result.AcknowledgementLatency!.Count);
        Assert.Equal(2_001, result.Timeline.Sum(sample => sample.ProducedRecordsCount));
        Assert.Null(result.Pacing);
        Assert.False(result.IsInterrupted);
        Assert.InRange(result.Produced.BatchesCount, isOneRecordPerRequest ? 2_001 : 1, 2_001);
    }

    [Fact]
    public async Task A_stall_is_in_the_latencies_of_all_records_meant_for_its_time()
    {
        const int Rate = 2_000;
        const int StallMs = 400;
        await using SinkServer sink = new(port: 0, partitionsCount: 1);
        ProduceSettings settings = new()
        {
            RateRecordsPerSecond = Rate,
            LingerMs = 0,
            RequestsInFlightMax = 1,
            // Too little for what is due while the sink hangs: many records cannot even be handed to the client in time.
            BufferMemoryBytes = 16 * 1024,
            BatchSizeBytes = 4 * 1024,
        };
        LoadExtent extent = new() { RecordsCount = Rate };
        sink.Gate.Close();
        Task<LoadResult> running = RunAsync(sink, settings, extent);
        await sink.Gate.Holding.WaitAsync(Patience);
        await Task.Delay(StallMs);
        sink.Gate.Open();
        LoadResult result = await running;

        Assert.Equal(Rate, result.RecordsCount);
        // The first waited for all of the stall, and those meant for its first half for more than half of it, although
        // most of them were sent only when it was over.
        Assert.True(result.AcknowledgementLatency!.MaxMs >= StallMs * 0.95, $"{result.AcknowledgementLatency}");
        int meantForFirstHalf = Rate * StallMs / 2 / 1000;
        double percentThatWaited = 100.0 * meantForFirstHalf / Rate;
        double[] known = [result.AcknowledgementLatency.P90Ms, result.AcknowledgementLatency.P99Ms];
        Assert.True(percentThatWaited > 10);
        Assert.All(known, latencyMs => Assert.True(latencyMs >= StallMs * 0.45, $"{result.AcknowledgementLatency}"));
        Assert.True(result.Pacing!.RefusalsCount > 0);
        Assert.True(result.Pacing.Lateness.MaxMs > StallMs * 0.45, $"{result.Pacing.Lateness}");
    }

    [Fact]
    public async Task An_interrupted_load_says_what_it_measured()
    {
        await using SinkServer sink = new(port: 0, partitionsCount: 1);
        using CancellationTokenSource interrupt = new();
        LoadTarget target = Target(sink);
        ProduceSettings settings = new() { RateRecordsPerSecond = 5_000, LingerMs = 0 };
        Task<LoadResult> running = new ProduceLoad(target, settings, new LoadExtent { RecordsCount = long.MaxValue })
            .RunAsync(LoadKind.Produce, null, interrupt.Token);
        await sink.Gate.Passed.WaitAsync(Patience);
        await interrupt.CancelAsync();
        LoadResult result = await running.WaitAsync(Patience);
        Assert.True(result.IsInterrupted);
        Assert.True(result.RecordsCount > 0);
        Assert.Equal(result.RecordsCount, ResultJson.ReadResult(ResultJson.Write(result, isIndented: true)).RecordsCount);
    }

    [Fact]
    public async Task A_duration_ends_a_load_without_a_count()
    {
        await using SinkServer sink = new(port: 0, partitionsCount: 1);
        LoadExtent extent = new() { RecordsCount = long.MaxValue, Duration = TimeSpan.FromMilliseconds(300), WarmupRecordsCount = 10 };
        LoadResult result = await RunAsync(sink, new ProduceSettings { BufferMemoryBytes = 64 * 1024, BatchSizeBytes = 4096 }, extent);
        Assert.False(result.IsInterrupted);
        Assert.True(result.Measured.Seconds >= 0.3);
        Assert.Equal(result.RecordsCount, result.AcknowledgementLatency!.Count);
    }

    private static Task<LoadResult> RunAsync(SinkServer sink, ProduceSettings settings, LoadExtent extent) =>
        new ProduceLoad(Target(sink), settings, extent).RunAsync(LoadKind.Produce, null, CancellationToken.None).WaitAsync(Patience);

    private static LoadTarget Target(SinkServer sink) => new()
    {
        BootstrapServers = sink.EndPoint.ToString(),
        Topic = "any",
        TimelineIntervalMs = 20,
    };

    private sealed class Deliveries : IDeliveryHandler
    {
        private readonly ConcurrentDictionary<int, int> _counts = new();

        public void OnDelivered(in DeliveryReport report)
        {
            Assert.Equal(ErrorCode.None, report.ErrorCode);
            int count = report.RecordsCount;
            _counts.AddOrUpdate(report.Partition, count, (_, before) => before + count);
        }

        public IEnumerable<int> ByPartition() => _counts.OrderBy(pair => pair.Key).Select(pair => pair.Value);
    }
}
