using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class CreateTopicsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_topic_can_be_written_to_when_its_creation_is_answered(short version)
    {
        var name = NewName();

        var result = Send(version, Asking(name, 2, 1));

        Assert.Equal((ErrorCode.None, name), (result.ErrorCode, result.Name));
        Assert.Null(result.ErrorMessage);
        Assert.Equal(version >= 7, result.TopicId != Guid.Empty);
        Assert.Equal(version >= 5 ? 2 : -1, result.NumPartitions);
        Assert.Equal(version >= 5 ? 1 : -1, result.ReplicationFactor);
        Assert.Equal(0, Client.Produce(name, TestBatch.Of("a"), partition: 1));
    }

    [Fact]
    public void Minus_1_asks_for_the_defaults()
    {
        var result = Send(7, Asking(NewName(), -1, -1));

        Assert.Equal((ErrorCode.None, 2, 1), (result.ErrorCode, result.NumPartitions, result.ReplicationFactor));
    }

    [Theory]
    [InlineData("ok", 0, 1, ErrorCode.InvalidPartitions)]
    [InlineData("ok", -2, 1, ErrorCode.InvalidPartitions)]
    [InlineData("ok", 1, 0, ErrorCode.InvalidReplicationFactor)]
    [InlineData("ok", 1, -2, ErrorCode.InvalidReplicationFactor)]
    [InlineData("ok", 1, 2, ErrorCode.InvalidReplicationFactor)]
    [InlineData("", 1, 1, ErrorCode.InvalidTopicException)]
    [InlineData("..", 1, 1, ErrorCode.InvalidTopicException)]
    [InlineData("a/../../b", 1, 1, ErrorCode.InvalidTopicException)]
    [InlineData("bad name!", 1, 1, ErrorCode.InvalidTopicException)]
    [InlineData("__cluster_metadata", 1, 1, ErrorCode.TopicAuthorizationFailed)]
    [InlineData("ok", int.MaxValue, 1, ErrorCode.PolicyViolation)]
    public void What_cannot_be_is_refused_with_kafkas_error(
        string name, int partitions, short replicationFactor, ErrorCode error)
    {
        var result = Send(7, Asking(name == "ok" ? NewName() : name, partitions, replicationFactor));

        Assert.Equal(error, result.ErrorCode);
        Assert.False(string.IsNullOrEmpty(result.ErrorMessage));
        Assert.Equal((Guid.Empty, -1, -1), (result.TopicId, result.NumPartitions, result.ReplicationFactor));
    }

    [Fact]
    public void Existing_colliding_and_repeated_names_are_refused()
    {
        var name = NewName() + ".a";
        var repeated = NewName();
        Client.CreateTopic(name);
        var request = new CreateTopicsRequest();
        Fill(request.Topics.Add(), name, 1, 1);
        Fill(request.Topics.Add(), name.Replace('.', '_'), 1, 1);
        Fill(request.Topics.Add(), repeated, 1, 1);
        Fill(request.Topics.Add(), repeated, 1, 1);
        var fine = NewName();
        Fill(request.Topics.Add(), fine, 1, 1);

        var results = Client.Send(request, 7).Topics.ToDictionary(topic => topic.Name, topic => topic.ErrorCode);

        Assert.Equal(ErrorCode.TopicAlreadyExists, results[name]);
        Assert.Equal(ErrorCode.InvalidTopicException, results[name.Replace('.', '_')]);
        Assert.Equal(ErrorCode.InvalidRequest, results[repeated]);
        Assert.Equal(ErrorCode.None, results[fine]);
        Assert.Equal(4, results.Count);
    }

    [Fact]
    public void Validate_only_answers_the_same_and_creates_nothing()
    {
        var name = NewName();
        var request = Asking(name, 3, 1);
        request.ValidateOnly = true;

        var result = Send(7, request);

        Assert.Equal((ErrorCode.None, 3), (result.ErrorCode, result.NumPartitions));
        Assert.NotEmpty(result.Configs!);
        Assert.DoesNotContain(AllTopics(), topic => topic == name);
    }

    [Fact]
    public void Configs_are_checked_kept_and_told()
    {
        var request = Asking(NewName(), 1, 1);
        AddConfig(request, "retention.ms", "1000000");
        AddConfig(request, "cleanup.policy", "compact,delete");

        var result = Send(5, request);

        var told = result.Configs!.ToDictionary(config => config.Name);
        Assert.Equal(("1000000", (sbyte)1), (told["retention.ms"].Value, told["retention.ms"].ConfigSource));
        Assert.Equal(("compact,delete", (sbyte)1), (told["cleanup.policy"].Value, told["cleanup.policy"].ConfigSource));
        Assert.Equal(("producer", (sbyte)5), (told["compression.type"].Value, told["compression.type"].ConfigSource));
    }

    [Theory]
    [InlineData("nope", "1")]
    [InlineData("retention.ms", "soon")]
    [InlineData("cleanup.policy", "burn")]
    [InlineData("retention.ms", null)]
    public void Bad_configs_are_invalid(string key, string? value)
    {
        var name = NewName();
        var request = Asking(name, 1, 1);
        AddConfig(request, key, value);

        Assert.Equal(ErrorCode.InvalidConfig, Send(7, request).ErrorCode);
        Assert.DoesNotContain(AllTopics(), topic => topic == name);
    }

    [Fact]
    public void Partitions_can_be_assigned_by_hand()
    {
        var request = Asking(NewName(), -1, -1);
        Assign(request, 1, 1);
        Assign(request, 0, 1);

        var result = Send(7, request);

        Assert.Equal((ErrorCode.None, 2, 1), (result.ErrorCode, result.NumPartitions, result.ReplicationFactor));
    }

    [Theory]
    [InlineData(1, -1, new[] { 0 }, new[] { 1 }, ErrorCode.InvalidRequest)]
    [InlineData(-1, 1, new[] { 0 }, new[] { 1 }, ErrorCode.InvalidRequest)]
    [InlineData(-1, -1, new[] { 1 }, new[] { 1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(-1, -1, new[] { 0, 0 }, new[] { 1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(-1, -1, new[] { 0 }, new[] { 2 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(-1, -1, new[] { 0 }, new[] { 1, 1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(-1, -1, new[] { 0 }, new int[0], ErrorCode.InvalidReplicaAssignment)]
    public void Impossible_assignments_are_refused(
        int partitions, short replicationFactor, int[] indexes, int[] brokers, ErrorCode error)
    {
        var request = Asking(NewName(), partitions, replicationFactor);
        foreach (var index in indexes)
        {
            Assign(request, index, brokers);
        }

        Assert.Equal(error, Send(7, request).ErrorCode);
    }

    [Fact]
    public async Task Topics_their_ids_and_configs_survive_a_restart()
    {
        await using var broker = await TestBroker.StartAsync();
        Guid id;
        using (var client = broker.Connect())
        {
            id = client.CreateTopic("kept", 2, ("retention.ms", "777000"));
            client.Produce("kept", TestBatch.Of("a", "b"), partition: 1);
        }

        await broker.RestartAsync();
        using var again = broker.Connect();

        var topic = Assert.Single(again.Send(new MetadataRequest { Topics = null }, 12).Topics);
        Assert.Equal((id, 2), (topic.TopicId, topic.Partitions.Count));
        Assert.Equal(2, again.Produce("kept", TestBatch.Of("c"), partition: 1));
    }

    private CreateTopicsResponse.CreatableTopicResult Send(short version, CreateTopicsRequest request) =>
        Assert.Single(Client.Send(request, version).Topics);

    private IEnumerable<string?> AllTopics() =>
        Client.Send(new MetadataRequest { Topics = null }, 12).Topics.Select(topic => topic.Name);

    private static CreateTopicsRequest Asking(string name, int partitions, short replicationFactor)
    {
        var request = new CreateTopicsRequest();
        Fill(request.Topics.Add(), name, partitions, replicationFactor);
        return request;
    }

    private static void Fill(
        CreateTopicsRequest.CreatableTopic topic, string name, int partitions, short replicationFactor)
    {
        topic.Name = name;
        topic.NumPartitions = partitions;
        topic.ReplicationFactor = replicationFactor;
    }

    private static void AddConfig(CreateTopicsRequest request, string key, string? value)
    {
        var config = request.Topics[0].Configs.Add();
        config.Name = key;
        config.Value = value;
    }

    private static void Assign(CreateTopicsRequest request, int index, params int[] brokers)
    {
        var assignment = request.Topics[0].Assignments.Add();
        assignment.PartitionIndex = index;
        assignment.BrokerIds.AddRange(brokers.AsSpan());
    }
}
