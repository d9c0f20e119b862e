using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class OffsetForLeaderEpochHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_present_epoch_ends_at_the_logs_end_and_unknown_ones_nowhere(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));

        Assert.Equal((ErrorCode.None, 0, 2L), Ask(Client, topic, 0, version));
        Assert.Equal((ErrorCode.None, -1, -1L), Ask(Client, topic, 7, version));
        Assert.Equal((ErrorCode.None, -1, -1L), Ask(Client, topic, -1, version));
        Assert.Equal((ErrorCode.UnknownLeaderEpoch, -1, -1L), Ask(Client, topic, 0, version, currentEpoch: 1));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1, -1L), Ask(Client, "missing", 0, version));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1, -1L), Ask(Client, topic, 0, version, partition: 1));
    }

    [Fact]
    public void An_empty_log_knows_its_epoch()
    {
        // Who starts at the end of an empty log is told epoch 0 by ListOffsets, and asks for it: undefined would look
        // like a truncation.
        Assert.Equal((ErrorCode.None, 0, 0L), Ask(Client, NewTopic(), 0, 4));
    }

    [Fact]
    public async Task After_a_restart_the_new_epoch_is_known_before_its_first_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var before = broker.Connect())
        {
            before.CreateTopic("t");
            before.Produce("t", TestBatch.Of("a", "b"));
        }

        await broker.RestartAsync();
        using var client = broker.Connect();
        var latest = new ListOffsetsRequest { ReplicaId = -1 };
        latest.Topics.Add().Name = "t";
        latest.Topics[0].Partitions.Add().Timestamp = -1;
        var told = client.Send(latest, 7).Topics[0].Partitions[0];
        Assert.True(told.LeaderEpoch > 0);

        Assert.Equal((ErrorCode.None, told.LeaderEpoch, 2L), Ask(client, "t", told.LeaderEpoch, 4));
        Assert.Equal((ErrorCode.None, 0, 2L), Ask(client, "t", 0, 4));
        var fetch = RecordRequests.Fetch().From("t", told.Offset);
        fetch.Topics[0].Partitions[0].LastFetchedEpoch = told.LeaderEpoch;
        Assert.Equal(ErrorCode.None, client.Send(fetch, 12).Only().ErrorCode);
    }

    [Fact]
    public async Task An_earlier_epoch_ends_where_the_next_one_began()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var before = broker.Connect())
        {
            before.CreateTopic("t");
            before.Produce("t", TestBatch.Of("a", "b", "c"));
        }

        await broker.RestartAsync();
        using var client = broker.Connect();
        client.Produce("t", TestBatch.Of("d"));

        Assert.Equal((ErrorCode.None, 0, 3L), Ask(client, "t", 0, 4));
        Assert.Equal((ErrorCode.FencedLeaderEpoch, -1, -1L), Ask(client, "t", 0, 4, currentEpoch: 0));
    }

    private static (ErrorCode Error, int Epoch, long EndOffset) Ask(
        TestClient client, string topic, int epoch, short version, int currentEpoch = -1, int partition = 0)
    {
        var request = new OffsetForLeaderEpochRequest { ReplicaId = -1 };
        var entry = request.Topics.Add();
        entry.Topic = topic;
        var asked = entry.Partitions.Add();
        (asked.Partition, asked.LeaderEpoch, asked.CurrentLeaderEpoch) = (partition, epoch, currentEpoch);
        var answer = Assert.Single(Assert.Single(client.Send(request, version).Topics).Partitions);
        Assert.Equal(partition, answer.Partition);
        return (answer.ErrorCode, answer.LeaderEpoch, answer.EndOffset);
    }
}
