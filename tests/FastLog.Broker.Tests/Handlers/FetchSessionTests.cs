using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>Incremental fetch sessions over the wire (KIP-227).</summary>
public sealed class FetchSessionTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    public void A_session_tells_only_what_is_new(short version)
    {
        var topic = NewTopic(partitions: 3);
        var request = RecordRequests.Fetch().From(topic, 0, 0).From(topic, 0, 1).From(topic, 0, 2);
        var opened = Client.Send(InSession(request, 0, 0), version);
        Assert.Equal(3, PartitionsOf(opened).Count());
        var id = opened.SessionId;
        Assert.NotEqual(0, id);

        Assert.Empty(PartitionsOf(Client.Send(InSession(RecordRequests.Fetch(), id, 1), version)));
        Client.Produce(topic, TestBatch.Of("news"), partition: 1);
        var told = Client.Send(InSession(RecordRequests.Fetch(), id, 2), version);

        Assert.Equal((ErrorCode.None, id), (told.ErrorCode, told.SessionId));
        Assert.Equal(1, told.Only().PartitionIndex);
        Assert.Equal("news", Assert.Single(FetchedRecord.AllOf(told.Only().Records)).Value);
    }

    [Fact]
    public void A_session_by_topic_ids_works_the_same()
    {
        var topic = NewName();
        var topicId = Client.CreateTopic(topic);
        var id = Client.Send(InSession(RecordRequests.Fetch().From(topicId, 0), 0, 0), 13).SessionId;
        Client.Produce(topic, TestBatch.Of("news"));

        var told = Client.Send(InSession(RecordRequests.Fetch(), id, 1), 17);

        Assert.Equal(topicId, told.Responses[0].TopicId);
        Assert.Equal("news", Assert.Single(FetchedRecord.AllOf(told.Only().Records)).Value);
    }

    [Fact]
    public void Requests_change_offsets_and_forget_partitions()
    {
        var topic = NewTopic(partitions: 2);
        Client.Produce(topic, TestBatch.Of("a"), partition: 0);
        Client.Produce(topic, TestBatch.Of("b"), partition: 1);
        var id = Open(topic, 2).SessionId;
        var request = InSession(RecordRequests.Fetch().From(topic, 1, 0), id, 1);
        var forgotten = request.ForgottenTopicsData.Add();
        forgotten.Topic = topic;
        forgotten.Partitions.Add(1);

        Assert.Empty(PartitionsOf(Client.Send(request, 12)));
        Client.Produce(topic, TestBatch.Of("c"), partition: 0);
        Client.Produce(topic, TestBatch.Of("d"), partition: 1);

        var told = Client.Send(InSession(RecordRequests.Fetch(), id, 2), 12).Only();
        Assert.Equal(0, told.PartitionIndex);
        Assert.Equal("c", Assert.Single(FetchedRecord.AllOf(told.Records)).Value);
    }

    [Fact]
    public void Errors_of_sessions_are_told_at_the_top_with_session_id_0()
    {
        var topic = NewTopic();
        var id = Open(topic, 1).SessionId;

        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, Refused(id, 5, 12));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, Refused(id == 5 ? 6 : 5, 1, 12));
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, Refused(id, 1, 13));
        Assert.Equal(ErrorCode.None, Client.Send(InSession(RecordRequests.Fetch(), id, 1), 12).ErrorCode);

        ErrorCode Refused(int sessionId, int epoch, short version)
        {
            var response = Client.Send(InSession(RecordRequests.Fetch(maxWaitMs: 60_000), sessionId, epoch), version);
            Assert.Equal((0, 0), (response.SessionId, response.Responses.Count));
            return response.ErrorCode;
        }
    }

    [Fact]
    public void Epoch_minus_1_closes_the_session_and_epoch_0_with_an_id_replaces_it()
    {
        var topic = NewTopic();
        var first = Open(topic, 1).SessionId;

        var second = Client.Send(InSession(RecordRequests.Fetch().From(topic, 0), first, 0), 12);
        Assert.NotEqual(first, second.SessionId);
        Assert.Equal(
            ErrorCode.FetchSessionIdNotFound, Client.Send(InSession(RecordRequests.Fetch(), first, 1), 12).ErrorCode);

        var closed = Client.Send(InSession(RecordRequests.Fetch().From(topic, 0), second.SessionId, -1), 12);
        Assert.Equal((0, ErrorCode.None, 1), (closed.SessionId, closed.ErrorCode, PartitionsOf(closed).Count()));
        Assert.Equal(
            ErrorCode.FetchSessionIdNotFound,
            Client.Send(InSession(RecordRequests.Fetch(), second.SessionId, 1), 12).ErrorCode);
    }

    [Fact]
    public void A_session_serves_partitions_that_returned_records_last()
    {
        var topic = NewTopic(partitions: 2);
        var batch = TestBatch.Sized(1_000);
        for (var i = 0; i < 3; i++)
        {
            Client.Produce(topic, batch, partition: 0);
            Client.Produce(topic, batch, partition: 1);
        }

        var request = RecordRequests.Fetch(maxBytes: batch.Length).From(topic, 0, 0).From(topic, 0, 1);
        var opened = Client.Send(InSession(request, 0, 0), 12);
        var next = Client.Send(InSession(RecordRequests.Fetch(maxBytes: batch.Length), opened.SessionId, 1), 12);

        Assert.Equal(0, PartitionsOf(opened).Single(partition => partition.Records.SizeInBytes > 0).PartitionIndex);
        Assert.Equal(1, PartitionsOf(next).Single(partition => partition.Records.SizeInBytes > 0).PartitionIndex);
    }

    [Fact]
    public void An_incremental_fetch_waits_and_is_woken()
    {
        var topic = NewTopic(partitions: 2);
        var id = Open(topic, 2).SessionId;
        using var consumer = Broker.Connect();
        consumer.SendOnly(consumer.Frame(InSession(RecordRequests.Fetch(maxWaitMs: 300_000), id, 1), 12));
        Until.True(() => Broker.Server.Replicas.Find(topic, 1)!.HighWatermarkWaitersCount > 0);

        Client.Produce(topic, TestBatch.Of("news"), partition: 1);

        Assert.Equal(1, consumer.Receive<FetchResponse>(ApiKey.Fetch, 12).Only().PartitionIndex);
    }

    [Fact]
    public void Pipelined_requests_of_one_session_are_answered_in_order()
    {
        var topic = NewTopic();
        var id = Open(topic, 1).SessionId;
        Client.Produce(topic, TestBatch.Of("a"));
        for (var epoch = 1; epoch <= 50; epoch++)
        {
            Client.SendOnly(Client.Frame(InSession(RecordRequests.Fetch(), id, epoch), 12));
        }

        for (var epoch = 1; epoch <= 50; epoch++)
        {
            Assert.Equal((ErrorCode.None, id), (Next().ErrorCode, id));
        }

        FetchResponse Next() => Client.Receive<FetchResponse>(ApiKey.Fetch, 12);
    }

    [Fact]
    public async Task Without_a_free_slot_a_fetch_is_served_without_a_session()
    {
        await using var broker = await TestBroker.StartAsync("max.incremental.fetch.session.cache.slots=1");
        using var client = broker.Connect();
        client.CreateTopic("t");
        var request = RecordRequests.Fetch().From("t", 0);

        Assert.NotEqual(0, client.Send(InSession(request, 0, 0), 12).SessionId);
        var second = client.Send(InSession(request, 0, 0), 12);
        Assert.Equal((ErrorCode.None, 0, 1), (second.ErrorCode, second.SessionId, second.Responses.Count));
    }

    private FetchResponse Open(string topic, int partitions)
    {
        var request = RecordRequests.Fetch();
        for (var partition = 0; partition < partitions; partition++)
        {
            request.From(topic, 0, partition);
        }

        return Client.Send(InSession(request, 0, 0), 12);
    }

    private static FetchRequest InSession(FetchRequest request, int id, int epoch)
    {
        (request.SessionId, request.SessionEpoch) = (id, epoch);
        return request;
    }

    private static IEnumerable<FetchResponse.PartitionData> PartitionsOf(FetchResponse response) =>
        response.Responses.SelectMany(topic => topic.Partitions);
}
