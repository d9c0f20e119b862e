using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DeleteTopicsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void Topics_are_deleted_by_name(short version)
    {
        var name = NewTopic();
        var request = new DeleteTopicsRequest();
        request.TopicNames.Add(name);
        request.TopicNames.Add("missing");

        var results = Client.Send(request, version).Responses.ToDictionary(result => result.Name!);

        Assert.Equal(ErrorCode.None, results[name].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, results["missing"].ErrorCode);
        Assert.Equal(version >= 5, results["missing"].ErrorMessage is not null);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.TryProduce(name, TestBatch.Of("a")).ErrorCode);
    }

    [Fact]
    public void Version_6_deletes_by_name_or_by_id()
    {
        var byId = NewName();
        var id = Client.CreateTopic(byId);
        var byName = NewTopic();
        var unknown = Guid.NewGuid();
        var request = new DeleteTopicsRequest();
        request.Topics.Add().TopicId = id;
        request.Topics.Add().Name = byName;
        request.Topics.Add().TopicId = unknown;
        request.Topics.Add().Name = "missing";
        request.Topics.Add();
        var both = request.Topics.Add();
        (both.Name, both.TopicId) = ("both", Guid.NewGuid());

        var results = Client.Send(request, 6).Responses;

        Assert.Equal(ErrorCode.None, results.Single(result => result.TopicId == id).ErrorCode);
        Assert.Equal(byId, results.Single(result => result.TopicId == id).Name);
        Assert.Equal(ErrorCode.None, results.Single(result => result.Name == byName).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, results.Single(result => result.TopicId == unknown).ErrorCode);
        Assert.Null(results.Single(result => result.TopicId == unknown).Name);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, results.Single(result => result.Name == "missing").ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, results.Single(result => result.Name == "both").ErrorCode);
        Assert.Equal(6, results.Count);
    }

    [Fact]
    public void A_deleted_topic_is_gone_and_its_name_makes_a_new_one()
    {
        var name = NewName();
        var first = Client.CreateTopic(name);
        Client.Produce(name, TestBatch.Of("old"));
        Client.DeleteTopic(name);

        Assert.DoesNotContain(
            Client.Send(new MetadataRequest { Topics = null }, 12).Topics, topic => topic.Name == name);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.FetchOne(name, 0).ErrorCode);
        var second = Client.CreateTopic(name);
        Assert.NotEqual(first, second);
        Assert.Equal(0, Client.EndOffset(name));
        Assert.Equal(
            ErrorCode.UnknownTopicId, Client.Send(RecordRequests.Fetch().From(first, 0), 13).Only().ErrorCode);
    }

    [Fact]
    public async Task Deletion_can_be_disabled()
    {
        await using var broker = await TestBroker.StartAsync("delete.topic.enable=false");
        using var client = broker.Connect();
        client.CreateTopic("kept");
        var request = new DeleteTopicsRequest();
        request.TopicNames.Add("kept");

        Assert.Equal(ErrorCode.InvalidRequest, client.Send(request, 2).Responses[0].ErrorCode);
        Assert.Equal(ErrorCode.TopicDeletionDisabled, client.Send(request, 3).Responses[0].ErrorCode);
        Assert.Equal(0, client.EndOffset("kept"));
    }
}
