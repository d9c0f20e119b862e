using System.Buffers;
using FastLog.Broker.Delayed;
using FastLog.Broker.FetchSessions;
using FastLog.Broker.Requests;
using FastLog.Broker.Tests.Allocation;
using FastLog.Broker.Tests.Harness;
using FastLog.Cluster;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Delayed;

/// <summary>Life and end of fetches, on the partitions of a real broker. Alone, since file regions are counted.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class FetchOperationTests : IAsyncLifetime
{
    private const int HourMs = 3_600_000;
    private const short Version = 12;

    private TestBroker _broker = null!;
    private TestClient _producer = null!;
    private int _created;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _producer = _broker.Connect();
        _producer.CreateTopic("t", 2);
    }

    public async Task DisposeAsync()
    {
        _producer.Dispose();
        await _broker.DisposeAsync();
        Assert.Equal(0, FileRegion.Outstanding);
    }

    [Fact]
    public async Task A_fetch_whose_client_is_gone_is_dropped_at_the_next_look()
    {
        using var wheel = new TimerWheel(new ManualTime());
        var operations = Operations(wheel);
        await using var host = new DelayedHost(context => Start(context, operations, HourMs, (0, 0), (1, 0), (1, 0)));
        var client = host.Connect();
        client.SendOnly(DelayedHost.Frame(client));
        Until.True(() => WaitersOf(1) == 2 && WaitersOf(0) == 1);

        wheel.Advance(10_000);
        Assert.Equal((1, 2, 1), (WaitersOf(0), WaitersOf(1), wheel.Count));
        client.Dispose();
        Until.True(() => !host.Connections.Any());
        wheel.Advance(20_000);

        Until.True(() => operations.Count == 1);
        Assert.Equal((0, 0, 0), (WaitersOf(0), WaitersOf(1), wheel.Count));
    }

    [Fact]
    public async Task A_long_wait_ends_when_its_time_is_up_and_not_at_a_look_before()
    {
        using var wheel = new TimerWheel(new ManualTime());
        var operations = Operations(wheel);
        await using var host = new DelayedHost(context => Start(context, operations, 12_000, (0, 0)));
        using var client = host.Connect();
        client.SendOnly(DelayedHost.Frame(client));
        Until.True(() => WaitersOf(0) == 1);

        // The clock stands, so each look is due by its own delay: 5,000 + 5,000 + 2,000.
        wheel.Advance(5_100);
        wheel.Advance(5_200);
        Assert.False(client.HasResponse);
        wheel.Advance(5_300);

        client.Receive();
        Until.True(() => operations.Count == 1);
    }

    [Fact]
    public async Task A_response_that_cannot_be_encoded_closes_its_connection_and_releases_the_segments()
    {
        _producer.Produce("t", TestBatch.Of("a"));
        using var wheel = new TimerWheel(new ManualTime());
        var operations = Operations(wheel);
        await using var host = new DelayedHost(context =>
        {
            var header = new RequestHeader(ApiKey.Fetch, 99, 1, "test");
            Start(new RequestContext(context.Connection, header, context.Response), operations, 0, (0, 0));
        });
        using var client = host.Connect();
        client.SendOnly(DelayedHost.Frame(client));

        Assert.True(client.IsClosedByBroker());
        Until.True(() => operations.Count == 1);
        Assert.Equal(0, FileRegion.Outstanding);
        Assert.Equal("a", Assert.Single(FetchedRecord.AllOf(_producer.FetchOne("t", 0).Records)).Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_fetch_is_answered_once_and_every_operation_comes_back(int seed)
    {
        const int Clients = 2;
        const int Requests = 3_000;
        using var wheel = new TimerWheel(TimeProvider.System);
        var operations = Operations(wheel);
        var random = new ThreadLocal<Random>(() => new Random(seed));
        await using var host = new DelayedHost(context => StartAny(context, operations, random.Value!));
        wheel.Run();
        var isDone = false;
        var producer = OnThread(() => ProduceUntil(ref isDone));

        var answered = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => OnThread(() => SendAll(host, Requests))));

        Volatile.Write(ref isDone, true);
        await producer;
        Assert.True(answered.Sum(seen => seen.WithRecords) > 0, $"seed {seed}: no fetch had records");
        Assert.True(answered.Sum(seen => seen.Empty) > 0, $"seed {seed}: no fetch was empty");
        Until.True(() => operations.Count == Volatile.Read(ref _created));
        Assert.Equal((0, 0, 0), (WaitersOf(0), WaitersOf(1), wheel.Count));
        Until.True(() => FileRegion.Outstanding == 0);
    }

    private int ProduceUntil(ref bool isDone)
    {
        var batch = new ReadOnlySequence<byte>(TestBatch.Of("a", "b"));
        var produced = 0;
        while (!Volatile.Read(ref isDone))
        {
            PartitionOf(produced++ % 2).AppendAsLeader(batch);
            Thread.Yield();
        }

        return produced;
    }

    private static (int WithRecords, int Empty) SendAll(DelayedHost host, int requests)
    {
        const int PipelinedMax = 16;
        using var client = host.Connect();
        var (withRecords, empty, sent, received) = (0, 0, 0, 0);
        while (received < requests)
        {
            while (sent < requests && sent - received < PipelinedMax)
            {
                client.SendOnly(DelayedHost.Frame(client));
                sent++;
            }

            var response = TestClient.Decode<FetchResponse>(
                client.Receive(), ApiKey.Fetch, Version, out var correlationId);
            Assert.Equal(++received, correlationId);
            var bytes = response.Responses.SelectMany(topic => topic.Partitions).Sum(p => p.Records.SizeInBytes);
            (withRecords, empty) = bytes > 0 ? (withRecords + 1, empty) : (withRecords, empty + 1);
        }

        Assert.False(client.HasResponse);
        return (withRecords, empty);
    }

    private OperationPool<FetchOperation> Operations(TimerWheel wheel)
    {
        var responses = new FetchResponses();
        return new(pool =>
        {
            Interlocked.Increment(ref _created);
            return new FetchOperation(pool, wheel, _broker.Server.Replicas, responses);
        });
    }

    private void StartAny(RequestContext context, OperationPool<FetchOperation> operations, Random random)
    {
        var wanted = new (int, long)[random.Next(1, 4)];
        for (var i = 0; i < wanted.Length; i++)
        {
            var partition = random.Next(2);
            // The end itself, or one record behind it; never beyond, that would be an error.
            wanted[i] = (partition, Math.Max(PartitionOf(partition).HighWatermark - random.Next(0, 2), 0));
        }

        Start(context, operations, random.Next(0, 12), wanted);
    }

    private static void Start(
        RequestContext context,
        OperationPool<FetchOperation> operations,
        int maxWaitMs,
        params (int Partition, long Offset)[] wanted)
    {
        // The frames are of another API; what is answered is a fetch.
        var header = context.Header.ApiKey == (short)ApiKey.Fetch
            ? context.Header
            : new RequestHeader(ApiKey.Fetch, Version, context.Header.CorrelationId, "test");
        var operation = operations.Rent();
        operation.Begin(
            new RequestContext(context.Connection, header, context.Response),
            new FetchContext(null, false, ErrorCode.None),
            new FetchLimits(1, 1 << 20, maxWaitMs, ReadCommitted: false, MayHaveZstd: true));
        foreach (var (partition, offset) in wanted)
        {
            operation.Reads.Add(new FetchTarget("t", Guid.Empty, partition, offset, 1 << 20, -1, -1), null);
        }

        operation.Start();
    }

    private Partition PartitionOf(int index) => _broker.Server.Replicas.Find("t", index)!;

    private int WaitersOf(int index) => PartitionOf(index).HighWatermarkWaitersCount;

    private static Task<T> OnThread<T>(Func<T> action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
