using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DeleteRecordsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_log_starts_where_it_was_told_to(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b", "c", "d"));

        Assert.Equal((ErrorCode.None, 2L), Delete(Client, topic, 2, version));

        Assert.Equal(2, Client.StartOffset(topic));
        Assert.Equal(ErrorCode.OffsetOutOfRange, Client.FetchOne(topic, 1).ErrorCode);
        // The batch that holds offset 2 comes whole; the client skips what lies before.
        Assert.Equal((ErrorCode.None, 2L), (Client.FetchOne(topic, 2).ErrorCode, Client.FetchOne(topic, 2).LogStartOffset));
        Assert.Equal(2, Client.TryProduce(topic, TestBatch.Of("e")).LogStartOffset);
    }

    [Fact]
    public void Minus_1_deletes_up_to_the_high_watermark()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));

        Assert.Equal((ErrorCode.None, 2L), Delete(Client, topic, -1, 2));
        Assert.Equal((2L, 2L), (Client.StartOffset(topic), Client.EndOffset(topic)));
        Assert.Equal(2, Client.Produce(topic, TestBatch.Of("c")));
    }

    [Fact]
    public void A_lower_offset_changes_nothing()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));
        Delete(Client, topic, 2, 2);

        Assert.Equal((ErrorCode.None, 2L), Delete(Client, topic, 0, 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Offsets_outside_of_the_log_are_out_of_range(long offset)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));

        Assert.Equal((ErrorCode.OffsetOutOfRange, -1L), Delete(Client, topic, offset, 2));
        Assert.Equal(0, Client.StartOffset(topic));
    }

    [Fact]
    public void Topics_that_are_only_compacted_refuse_by_policy()
    {
        var compacted = NewTopic(1, ("cleanup.policy", "compact"));
        var both = NewTopic(1, ("cleanup.policy", "compact,delete"));
        Client.Produce(both, TestBatch.Build(builder => builder.TryAppend(TestBatch.NowMs, "k"u8, "v"u8)));

        Assert.Equal((ErrorCode.PolicyViolation, -1L), Delete(Client, compacted, 0, 2));
        Assert.Equal((ErrorCode.None, 1L), Delete(Client, both, 1, 2));
    }

    [Fact]
    public void Unknown_and_internal_topics_have_their_errors()
    {
        Client.Send(new FindCoordinatorRequest { Key = "group" }, 0);

        Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1L), Delete(Client, "missing", 0, 0));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1L), Delete(Client, NewTopic(), 0, 0, partition: 9));
        Assert.Equal((ErrorCode.InvalidTopicException, -1L), Delete(Client, "__consumer_offsets", 0, 0));
    }

    [Fact]
    public async Task The_start_survives_a_restart_and_whole_segments_below_it_go()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = broker.Connect())
        {
            client.CreateTopic("t", 1, ("segment.bytes", "300"));
            for (var i = 0; i < 10; i++)
            {
                client.Produce("t", TestBatch.Sized(200));
            }

            Assert.Equal((ErrorCode.None, 7L), Delete(client, "t", 7, 2));
        }

        await broker.RestartAsync();
        using var again = broker.Connect();

        Assert.Equal((7L, 10L), (again.StartOffset("t"), again.EndOffset("t")));
        Assert.Equal(10, again.Produce("t", TestBatch.Sized(200)));
    }

    private static (ErrorCode Error, long LowWatermark) Delete(
        TestClient client, string topic, long offset, short version, int partition = 0)
    {
        var request = new DeleteRecordsRequest { TimeoutMs = 5_000 };
        var entry = request.Topics.Add();
        entry.Name = topic;
        var asked = entry.Partitions.Add();
        (asked.PartitionIndex, asked.Offset) = (partition, offset);
        var answer = Assert.Single(Assert.Single(client.Send(request, version).Topics).Partitions);
        return (answer.ErrorCode, answer.LowWatermark);
    }
}
