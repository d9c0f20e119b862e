using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;
using FastLog.Records;
using Xunit.Abstractions;

namespace FastLog.Client.Tests.Producing;

public class ProducerFaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Refuse")]
    [InlineData("StoreAndRefuse")]
    [InlineData("Disconnect")]
    [InlineData("StoreAndDisconnect")]
    public async Task One_fault_in_the_middle_loses_nothing_and_doubles_nothing(string faultName)
    {
        ProduceFault fault = Enum.Parse<ProduceFault>(faultName);
        await using FakeCluster cluster = new() { FaultError = ErrorCode.RequestTimedOut };
        FakePartition[] partitions = cluster.Create("t");
        int requests = 0;
        cluster.NextFault = () => requests++ == 3 ? fault : ProduceFault.None;
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { BatchSizeBytes = 500 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 1000);
        await producer.FlushAsync(Wait.Timeout());
        AssertStoredOnceAndInOrder(partitions[0], handler, 1000);
    }

    [Fact]
    public async Task Random_faults_lose_nothing_and_double_nothing()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        for (int round = 0; round < 8; round++)
        {
            await RunRandomFaultsAsync(unchecked(seed + round));
        }
    }

    [Fact]
    public async Task A_partition_that_moves_is_followed()
    {
        await using FakeCluster cluster = new(brokersCount: 3);
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { BatchSizeBytes = 500 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        for (int move = 0; move < 6; move++)
        {
            await ProducerTests.AppendAsync(producer, topic, 100, from: move * 100);
            lock (cluster.Gate)
            {
                partitions[0].LeaderId = (partitions[0].LeaderId % 3) + 1;
                partitions[0].LeaderEpoch++;
            }
        }

        await producer.FlushAsync(Wait.Timeout());
        AssertStoredOnceAndInOrder(partitions[0], handler, 600);
    }

    [Fact]
    public async Task A_lost_connection_is_opened_anew()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster));
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        for (int round = 0; round < 5; round++)
        {
            await ProducerTests.AppendAsync(producer, topic, 100, from: round * 100);
            cluster.Brokers[0].DisconnectAll();
        }

        await producer.FlushAsync(Wait.Timeout());
        AssertStoredOnceAndInOrder(partitions[0], handler, 500);
    }

    [Fact]
    public async Task After_a_batch_is_given_up_the_later_ones_go_on_in_the_next_epoch()
    {
        await using FakeCluster cluster = new() { FaultError = ErrorCode.InvalidRecord };
        FakePartition[] partitions = cluster.Create("t");
        int requests = 0;
        cluster.NextFault = () => requests++ == 2 ? ProduceFault.Refuse : ProduceFault.None;
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { BatchSizeBytes = 300 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 500);
        await producer.FlushAsync(Wait.Timeout());
        Assert.Equal(500, handler.Reports.Count);
        List<long> failed = [.. handler.Reports.Where(r => r.Value.Error != ErrorCode.None).Select(r => r.Key)];
        Assert.NotEmpty(failed);
        Assert.All(failed, token => Assert.Equal(ErrorCode.InvalidRecord, handler.Reports[token].Error));
        Assert.Equal(
            Enumerable.Range(0, 500).Where(i => !failed.Contains(i)).Select(i => $"value-{i}"), partitions[0].Values());
        Assert.Contains(cluster.Produced.SelectMany(h => h), header => header is { ProducerEpoch: 1, BaseSequence: 0 });
    }

    [Fact]
    public async Task A_broker_that_forgot_what_it_acknowledged_is_reported()
    {
        await using FakeCluster cluster = new() { FaultError = ErrorCode.OutOfOrderSequenceNumber };
        cluster.Create("t");
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { LingerMs = 0 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 1);
        await producer.FlushAsync(Wait.Timeout());
        int requests = 0;
        cluster.NextFault = () => requests++ == 0 ? ProduceFault.Refuse : ProduceFault.None;
        await ProducerTests.AppendAsync(producer, topic, 1, from: 1);
        await producer.FlushAsync(Wait.Timeout());
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, handler.Reports[1].Error);
        await ProducerTests.AppendAsync(producer, topic, 1, from: 2);
        await producer.FlushAsync(Wait.Timeout());
        Assert.Equal(ErrorCode.None, handler.Reports[2].Error);
    }

    [Fact]
    public async Task What_is_not_acknowledged_in_time_is_given_up()
    {
        await using FakeCluster cluster = new();
        cluster.Create("t");
        cluster.NextFault = () => ProduceFault.Refuse;
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with { DeliveryTimeoutMs = 300 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 10);
        await producer.FlushAsync(Wait.Timeout());
        Assert.Equal(10, handler.Reports.Count);
        Assert.All(
            handler.Reports.Values,
            report => Assert.True(report.Error is ErrorCode.RequestTimedOut or ErrorCode.NotLeaderOrFollower));
        Assert.Equal(0, producer.BufferedBytes);
    }

    [Fact]
    public async Task Without_idempotence_retries_may_double_but_lose_nothing()
    {
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t");
        int requests = 0;
        cluster.NextFault = () => requests++ == 1 ? ProduceFault.StoreAndDisconnect : ProduceFault.None;
        RecordingHandler handler = new();
        await using Producer producer = new(
            ProducerTests.Options(cluster) with { EnableIdempotence = false, BatchSizeBytes = 500 });
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 300);
        await producer.FlushAsync(Wait.Timeout());
        List<string> values = partitions[0].Values();
        Assert.Equal(300, values.Distinct().Count());
        Assert.True(values.Count > 300);
        Assert.All(handler.Reports.Values, report => Assert.Equal(ErrorCode.None, report.Error));
    }

    private static async Task RunRandomFaultsAsync(int seed)
    {
#pragma warning disable CA5394 // A test's dice.
        Random random = new(seed);
        ErrorCode[] errors =
        [
            ErrorCode.NotLeaderOrFollower, ErrorCode.RequestTimedOut, ErrorCode.NotEnoughReplicasAfterAppend,
            ErrorCode.KafkaStorageError,
        ];
        await using FakeCluster cluster = new();
        FakePartition[] partitions = cluster.Create("t", 3);
        cluster.NextFault = () =>
        {
            cluster.FaultError = errors[random.Next(errors.Length)];
            return random.Next(4) == 0 ? (ProduceFault)random.Next(1, 5) : ProduceFault.None;
        };
        RecordingHandler handler = new();
        await using Producer producer = new(ProducerTests.Options(cluster) with
        {
            BatchSizeBytes = random.Next(100, 1000),
            LingerMs = random.Next(2),
            BufferMemoryBytes = random.Next(2000, 20_000),
            CompressionType = (CompressionType)(random.Next(2) * 3),
        });
#pragma warning restore CA5394
        TopicProducer topic = await producer.OpenTopicAsync("t", handler);
        await ProducerTests.AppendAsync(producer, topic, 900, partitionsCount: 3);
        await producer.FlushAsync(Wait.Timeout());
        Assert.Equal(900, handler.Reports.Count);
        Assert.Equal(0, handler.DuplicateReports);
        for (int partition = 0; partition < 3; partition++)
        {
            Assert.Equal(
                Enumerable.Range(0, 900).Where(i => i % 3 == partition).Select(i => $"value-{i}"),
                partitions[partition].Values());
        }

        foreach ((long token, (int partition, long offset, ErrorCode error)) in handler.Reports)
        {
            Assert.Equal((token % 3, token / 3, ErrorCode.None), (partition, offset, error));
        }
    }

    private static void AssertStoredOnceAndInOrder(FakePartition partition, RecordingHandler handler, int count)
    {
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"value-{i}"), partition.Values());
        Assert.Equal(0, handler.DuplicateReports);
        Assert.Equal(count, handler.Reports.Count);
        Assert.All(handler.Reports, report => Assert.Equal((0, report.Key, ErrorCode.None), report.Value));
    }
}
