using FastLog.Broker.Delayed;
using FastLog.Broker.Requests;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Delayed;

public sealed class ProduceOperationTests : IDisposable
{
    private readonly TimerWheel _wheel = new(new ManualTime());
    private readonly TestPartition _one = new();
    private readonly TestPartition _other = new();
    private readonly OperationPool<ProduceOperation> _operations;
    private readonly DelayedHost _host;
    private readonly TestClient _client;
    private (TestPartition Partition, long EndOffset)[] _waits = [];
    private bool _acksAll = true;
    private bool _isStarted;

    public ProduceOperationTests()
    {
        _operations = new(pool => new ProduceOperation(pool, _wheel));
        _host = new DelayedHost(Start);
        _client = _host.Connect();
    }

    public void Dispose()
    {
        _client.Dispose();
        _host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _one.Dispose();
        _other.Dispose();
        _wheel.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_answer_comes_when_the_last_partition_is_reached(bool acksAll)
    {
        _acksAll = acksAll;
        Send((_one, 10), (_other, 5));

        _one.MoveDurableEnd(10);
        Assert.False(_client.HasResponse);
        _other.MoveDurableEnd(5);

        Assert.Equal([(ErrorCode.None, 10L), (ErrorCode.None, 5L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void What_is_durable_already_is_answered_at_once()
    {
        _one.MoveDurableEnd(10);
        Send((_one, 10));

        Assert.Equal([(ErrorCode.None, 10L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void Without_anything_to_wait_for_the_answer_comes_at_once()
    {
        Send();

        Assert.Empty(Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void After_the_timeout_the_late_partitions_are_timed_out_and_the_others_are_not()
    {
        Send((_one, 10), (_other, 5));
        _one.MoveDurableEnd(10);

        _wheel.Advance(60_000);

        Assert.Equal([(ErrorCode.None, 10L), (ErrorCode.RequestTimedOut, -1L)], Receive());
        AssertNothingLeft();
        _other.MoveDurableEnd(5);
    }

    [Fact]
    public void A_partition_that_fails_changes_its_own_entry()
    {
        Send((_one, 10), (_other, 5));
        _one.FailLog();
        Assert.False(_client.HasResponse);

        _other.MoveDurableEnd(5);

        Assert.Equal([(ErrorCode.KafkaStorageError, -1L), (ErrorCode.None, 5L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void A_partition_that_has_failed_before_answers_at_once()
    {
        _one.FailLog();
        Send((_one, 10));

        Assert.Equal([(ErrorCode.KafkaStorageError, -1L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void Of_a_partition_named_twice_only_what_is_durable_succeeds()
    {
        // The second entry is a duplicate whose first append lies below what the first entry waits for.
        Send((_one, 20), (_one, 5));
        _one.MoveDurableEnd(5);
        Assert.False(_client.HasResponse);

        _one.FailLog();

        Assert.Equal([(ErrorCode.KafkaStorageError, -1L), (ErrorCode.None, 5L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void A_partition_named_twice_is_let_go_of_twice_by_the_timeout()
    {
        Send((_one, 20), (_one, 5), (_one, 7));
        _one.MoveDurableEnd(5);

        _wheel.Advance(60_000);

        Assert.Equal(
            [(ErrorCode.RequestTimedOut, -1L), (ErrorCode.None, 5L), (ErrorCode.RequestTimedOut, -1L)], Receive());
        AssertNothingLeft();
    }

    [Fact]
    public void A_client_that_is_gone_keeps_nothing()
    {
        Send((_one, 10));
        _client.Dispose();
        Until.True(() => !_host.Connections.Any());

        _one.MoveDurableEnd(10);

        AssertNothingLeft();
    }

    private void Start(RequestContext context)
    {
        var operation = _operations.Rent();
        operation.Begin(context);
        var topic = operation.Response.Responses.Add();
        topic.Name = "t";
        foreach (var (partition, endOffset) in _waits)
        {
            var entry = topic.PartitionResponses.Add();
            entry.BaseOffset = endOffset;
            operation.AddWait(partition.Partition, endOffset, entry);
        }

        operation.Start(_acksAll, timeoutMs: 30_000);
        Volatile.Write(ref _isStarted, true);
    }

    private void Send(params (TestPartition Partition, long EndOffset)[] waits)
    {
        _waits = waits;
        _isStarted = false;
        _client.SendOnly(DelayedHost.Frame(_client));
        Until.True(() => Volatile.Read(ref _isStarted));
    }

    private List<(ErrorCode Error, long BaseOffset)> Receive() =>
    [
        .. DelayedHost.Receive(_client, out _).Responses[0].PartitionResponses
            .Select((ProduceResponse.PartitionProduceResponse entry) => (entry.ErrorCode, entry.BaseOffset)),
    ];

    private void AssertNothingLeft()
    {
        Until.True(() => _operations.Count == 1);
        Assert.Equal(0, _wheel.Count);
        foreach (var partition in new[] { _one.Partition, _other.Partition })
        {
            Assert.Equal((0, 0), (partition.DurableWaitersCount, partition.HighWatermarkWaitersCount));
        }
    }
}
