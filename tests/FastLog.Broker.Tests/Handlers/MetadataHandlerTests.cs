using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class MetadataHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(13)]
    public void A_topic_is_described_by_name_in_every_version(short version)
    {
        var name = NewTopic(partitions: 3);

        var response = Client.Send(Named(name), version);

        var topic = Assert.Single(response.Topics);
        Assert.Equal((ErrorCode.None, name), (topic.ErrorCode, topic.Name));
        Assert.Equal([0, 1, 2], topic.Partitions.Select(partition => partition.PartitionIndex));
        Assert.All(topic.Partitions, partition =>
        {
            Assert.Equal((ErrorCode.None, 1), (partition.ErrorCode, partition.LeaderId));
            Assert.Equal([1], partition.ReplicaNodes);
            Assert.Equal([1], partition.IsrNodes);
        });
        var broker = Assert.Single(response.Brokers);
        Assert.Equal((1, "127.0.0.1", Broker.EndPoint.Port), (broker.NodeId, broker.Host, broker.Port));
        Assert.Equal(version >= 2, response.ClusterId is { Length: 22 });
        Assert.Equal(version >= 1 ? 1 : -1, response.ControllerId);
    }

    [Fact]
    public void Null_asks_for_all_topics_and_an_empty_list_for_none()
    {
        var name = NewTopic();

        Assert.Contains(Client.Send(new MetadataRequest { Topics = null }, 12).Topics, topic => topic.Name == name);
        Assert.Empty(Client.Send(new MetadataRequest { Topics = [] }, 12).Topics);
        Assert.Empty(Client.Send(new MetadataRequest { Topics = [] }, 1).Topics);
    }

    [Fact]
    public void Version_0_has_no_null_and_asks_for_all_with_an_empty_list()
    {
        var name = NewTopic();

        Assert.Contains(Client.Send(new MetadataRequest { Topics = [] }, 0).Topics, topic => topic.Name == name);
    }

    [Fact]
    public void Topics_are_found_by_id_and_unknown_ids_have_their_error()
    {
        var name = NewName();
        var id = Client.CreateTopic(name);
        var request = new MetadataRequest { Topics = [], AllowAutoTopicCreation = true };
        var unknown = Guid.NewGuid();
        foreach (var asked in new[] { id, unknown })
        {
            var topic = request.Topics!.Add();
            topic.TopicId = asked;
            topic.Name = null;
        }

        var topics = Client.Send(request, 12).Topics;

        Assert.Equal((ErrorCode.None, name, id), (topics[0].ErrorCode, topics[0].Name, topics[0].TopicId));
        Assert.Equal((ErrorCode.UnknownTopicId, (string?)null, unknown), (topics[1].ErrorCode, topics[1].Name, topics[1].TopicId));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("../../etc")]
    [InlineData("white space")]
    public void An_invalid_name_is_refused_and_creates_nothing(string name)
    {
        var topic = Assert.Single(Client.Send(Named(name), 9).Topics);

        Assert.Equal(ErrorCode.InvalidTopicException, topic.ErrorCode);
        Assert.DoesNotContain(Client.Send(new MetadataRequest { Topics = null }, 12).Topics, found => found.Name == name);
    }

    [Fact]
    public void A_name_of_249_characters_is_the_longest()
    {
        Assert.Equal(ErrorCode.None, Client.Send(Named(new string('x', 249)), 9).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.InvalidTopicException, Client.Send(Named(new string('x', 250)), 9).Topics[0].ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(13)]
    public void A_missing_topic_is_created_with_the_brokers_defaults(short version)
    {
        var name = NewName();

        var topic = Assert.Single(Client.Send(Named(name), version).Topics);

        Assert.Equal(ErrorCode.None, topic.ErrorCode);
        Assert.Equal(2, topic.Partitions.Count);
        Assert.Equal(0, Client.Produce(name, TestBatch.Of("a"), partition: 1));
    }

    [Fact]
    public void A_request_may_forbid_the_creation()
    {
        var request = Named(NewName());
        request.AllowAutoTopicCreation = false;

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.Send(request, 4).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.Send(request, 13).Topics[0].ErrorCode);
    }

    [Fact]
    public void Names_that_differ_only_in_dot_and_underscore_collide()
    {
        var name = NewName();
        Client.CreateTopic(name + "_x");

        Assert.Equal(ErrorCode.InvalidTopicException, Client.Send(Named(name + ".x"), 9).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task The_broker_may_forbid_the_creation()
    {
        await using var broker = await TestBroker.StartAsync("auto.create.topics.enable=false");
        using var client = broker.Connect();

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, client.Send(Named("missing"), 9).Topics[0].ErrorCode);
        Assert.Empty(client.Send(new MetadataRequest { Topics = null }, 9).Topics);
    }

    [Fact]
    public void Bytes_after_the_body_are_ignored()
    {
        // librdkafka 2.15 sends such bytes; a strict reader would break it.
        var frame = Client.Frame(new MetadataRequest { Topics = null }, 13);
        byte[] longer = [.. frame, 1, 2, 3];
        longer[3] += 3;

        var response = TestClient.Decode<MetadataResponse>(Client.SendBytes(longer), ApiKey.Metadata, 13, out _);

        Assert.Single(response.Brokers);
    }

    private static MetadataRequest Named(string name)
    {
        var request = new MetadataRequest { Topics = [], AllowAutoTopicCreation = true };
        request.Topics!.Add().Name = name;
        return request;
    }
}
