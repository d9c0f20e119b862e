using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class CreatePartitionsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Added_partitions_can_be_written_to_and_old_ones_keep_their_records(short version)
    {
        var name = NewTopic();
        Client.Produce(name, TestBatch.Of("old"));

        Assert.Equal(ErrorCode.None, Send(Asking(name, 3), version).ErrorCode);

        Assert.Equal(0, Client.Produce(name, TestBatch.Of("new"), partition: 2));
        Assert.Equal(1, Client.EndOffset(name));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    public void The_count_must_grow(int count)
    {
        var result = Send(Asking(NewTopic(partitions: 2), count), 3);

        Assert.Equal(ErrorCode.InvalidPartitions, result.ErrorCode);
        Assert.False(string.IsNullOrEmpty(result.ErrorMessage));
    }

    [Fact]
    public void Each_topic_is_answered_for_itself()
    {
        var name = NewTopic();
        var request = Asking(name, 2);
        Fill(request.Topics.Add(), "missing", 2);
        var results = Client.Send(request, 2).Results.ToDictionary(result => result.Name, result => result.ErrorCode);

        Assert.Equal(ErrorCode.None, results[name]);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, results["missing"]);
    }

    [Fact]
    public void Validate_only_adds_nothing()
    {
        var name = NewTopic();
        var request = Asking(name, 2);
        request.ValidateOnly = true;

        Assert.Equal(ErrorCode.None, Send(request, 3).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.TryProduce(name, TestBatch.Of("a"), partition: 1).ErrorCode);
    }

    [Theory]
    [InlineData(2, new[] { 1 }, ErrorCode.None)]
    [InlineData(3, new[] { 1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(2, new[] { 9 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(2, new[] { 1, 1 }, ErrorCode.InvalidReplicaAssignment)]
    public void One_assignment_is_needed_for_each_added_partition(int count, int[] brokers, ErrorCode error)
    {
        var request = Asking(NewTopic(), count);
        request.Topics[0].Assignments = [];
        request.Topics[0].Assignments!.Add().BrokerIds.AddRange(brokers.AsSpan());

        Assert.Equal(error, Send(request, 3).ErrorCode);
    }

    [Fact]
    public void A_fetch_in_progress_and_a_session_see_the_added_partition()
    {
        var name = NewTopic();
        var opened = Client.Send(OpenSession(name), 12);
        Assert.NotEqual(0, opened.SessionId);
        Send(Asking(name, 2), 3);
        Client.Produce(name, TestBatch.Of("new"), partition: 1);
        var request = RecordRequests.Fetch().From(name, 0, partition: 1);
        (request.SessionId, request.SessionEpoch) = (opened.SessionId, 1);

        Assert.Equal("new", Assert.Single(FetchedRecord.AllOf(Client.Send(request, 12).Only().Records)).Value);
    }

    private static FetchRequest OpenSession(string name)
    {
        var request = RecordRequests.Fetch().From(name, 0);
        (request.SessionId, request.SessionEpoch) = (0, 0);
        return request;
    }

    private CreatePartitionsResponse.CreatePartitionsTopicResult Send(CreatePartitionsRequest request, short version) =>
        Assert.Single(Client.Send(request, version).Results);

    private static CreatePartitionsRequest Asking(string name, int count)
    {
        var request = new CreatePartitionsRequest { TimeoutMs = 5_000 };
        Fill(request.Topics.Add(), name, count);
        return request;
    }

    private static void Fill(CreatePartitionsRequest.CreatePartitionsTopic topic, string name, int count)
    {
        topic.Name = name;
        topic.Count = count;
        topic.Assignments = null;
    }
}
