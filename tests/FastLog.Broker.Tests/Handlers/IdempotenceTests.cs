using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>The idempotent producer over the wire (KIP-98): every batch in the log once and in order.</summary>
public sealed class IdempotenceTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Fact]
    public void A_batch_sent_again_is_answered_with_its_first_offset_and_not_stored_again()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        var batch = TestBatch.Idempotent(id, 0, 0, "a", "b");
        Client.Produce(topic, TestBatch.Of("before"));

        Assert.Equal(1, Client.Produce(topic, batch));
        Client.Produce(topic, TestBatch.Idempotent(id, 0, 2, "c"));
        var again = Client.TryProduce(topic, batch, version: 3);

        Assert.Equal((ErrorCode.None, 1L), (again.ErrorCode, again.BaseOffset));
        Assert.Equal(4, Client.EndOffset(topic));
    }

    [Fact]
    public void The_last_five_batches_are_known_and_an_older_one_is_out_of_order()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        var batches = Enumerable.Range(0, 7).Select(i => TestBatch.Idempotent(id, 0, i, $"v{i}")).ToArray();
        foreach (var batch in batches)
        {
            Client.Produce(topic, batch);
        }

        for (var i = 2; i < batches.Length; i++)
        {
            Assert.Equal(i, Client.Produce(topic, batches[i]));
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Client.TryProduce(topic, batches[1]).ErrorCode);
        Assert.Equal(batches.Length, Client.EndOffset(topic));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_gap_is_out_of_order_and_the_sequence_goes_on_after_it(int wrongSequence)
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        Client.Produce(topic, TestBatch.Idempotent(id, 0, 0, "a"));

        Assert.Equal(
            ErrorCode.OutOfOrderSequenceNumber,
            Client.TryProduce(topic, TestBatch.Idempotent(id, 0, wrongSequence, "x")).ErrorCode);
        Assert.Equal(1, Client.Produce(topic, TestBatch.Idempotent(id, 0, 1, "b")));
    }

    [Fact]
    public void A_newer_epoch_fences_the_older_one_and_starts_at_sequence_0()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        Client.Produce(topic, TestBatch.Idempotent(id, 0, 0, "a"));

        Assert.Equal(
            ErrorCode.OutOfOrderSequenceNumber, Client.TryProduce(topic, TestBatch.Idempotent(id, 1, 1, "x")).ErrorCode);
        Assert.Equal(1, Client.Produce(topic, TestBatch.Idempotent(id, 1, 0, "b")));
        Assert.Equal(
            ErrorCode.InvalidProducerEpoch, Client.TryProduce(topic, TestBatch.Idempotent(id, 0, 1, "y")).ErrorCode);
    }

    [Fact]
    public void Sequences_wrap_from_the_largest_number_to_0()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        Client.Produce(topic, TestBatch.Idempotent(id, 0, int.MaxValue - 1, "a", "b"));

        Assert.Equal(2, Client.Produce(topic, TestBatch.Idempotent(id, 0, 0, "c")));
        Assert.Equal(3, Client.Produce(topic, TestBatch.Idempotent(id, 0, 1, "d")));
    }

    [Fact]
    public void A_batch_across_the_wrap_is_found_again()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        var across = TestBatch.Idempotent(id, 0, int.MaxValue, "a", "b", "c");
        Client.Produce(topic, across);

        Assert.Equal(0, Client.Produce(topic, across));
        Assert.Equal(3, Client.Produce(topic, TestBatch.Idempotent(id, 0, 2, "d")));
    }

    [Fact]
    public void Each_partition_has_its_own_sequence()
    {
        var (topic, id) = (NewTopic(partitions: 2), NewProducerId());
        Client.Produce(topic, TestBatch.Idempotent(id, 0, 0, "a"), partition: 0);

        Assert.Equal(0, Client.Produce(topic, TestBatch.Idempotent(id, 0, 0, "b"), partition: 1));
    }

    [Fact]
    public void A_duplicate_beside_its_successor_in_one_request_is_answered_for_itself()
    {
        var (topic, id) = (NewTopic(), NewProducerId());
        var first = TestBatch.Idempotent(id, 0, 0, "a");
        Client.Produce(topic, first);

        var answers = Client.Send(
            RecordRequests.Produce(topic, -1, (0, TestBatch.Idempotent(id, 0, 1, "b")), (0, first)), 9)
            .Responses[0].PartitionResponses;

        Assert.Equal([1L, 0L], answers.Select(answer => answer.BaseOffset));
        Assert.Equal(2, Client.EndOffset(topic));
    }

    [Fact]
    public async Task A_restart_does_not_forget_the_producer()
    {
        await using var broker = await TestBroker.StartAsync();
        var last = TestBatch.Idempotent(7_000, 3, 1, "b", "c");
        using (var client = broker.Connect())
        {
            client.CreateTopic("kept");
            client.Produce("kept", TestBatch.Idempotent(7_000, 3, 0, "a"));
            client.Produce("kept", last);
        }

        await broker.RestartAsync();
        using var again = broker.Connect();

        Assert.Equal(1, again.Produce("kept", last));
        Assert.Equal(
            ErrorCode.InvalidProducerEpoch, again.TryProduce("kept", TestBatch.Idempotent(7_000, 2, 3, "x")).ErrorCode);
        Assert.Equal(
            ErrorCode.OutOfOrderSequenceNumber, again.TryProduce("kept", TestBatch.Idempotent(7_000, 3, 4, "x")).ErrorCode);
        Assert.Equal(3, again.Produce("kept", TestBatch.Idempotent(7_000, 3, 3, "d")));
    }

    private long NewProducerId() => Client.Send(new InitProducerIdRequest { TransactionalId = null }, 4).ProducerId;
}
