using FastLog.Client.Tests.Consuming;
using FastLog.Client.Tests.Fakes;
using FastLog.Protocol;

namespace FastLog.Client.Tests.Connections;

public class AdminClientTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    public async Task Topics_are_created_listed_and_deleted(short deleteTopicsVersion)
    {
        await using FakeCluster cluster = new(brokersCount: 2);
        cluster.VersionMax[ApiKey.DeleteTopics] = deleteTopicsVersion;
        await using AdminClient admin = Admin(cluster);
        CreatedTopic created = await admin.CreateTopicAsync(new NewTopic("b", 3, 1));
        Assert.Equal(("b", 3), (created.Name, created.PartitionsCount));
        await admin.CreateTopicAsync(new NewTopic("a", 1, 1));
        Assert.Equal(["a", "b"], (await admin.ListTopicsAsync()).Select(topic => topic.Name));
        Assert.Equal(3, (await admin.DescribeTopicAsync("b")).Partitions.Count);
        await admin.DeleteTopicAsync("b");
        Assert.Equal(["a"], (await admin.ListTopicsAsync()).Select(topic => topic.Name));
    }

    [Fact]
    public async Task Errors_carry_code_and_text_of_the_broker()
    {
        await using FakeCluster cluster = new();
        cluster.Create("a");
        await using AdminClient admin = Admin(cluster);
        KafkaException exists = await Assert.ThrowsAsync<KafkaException>(() => admin.CreateTopicAsync(new NewTopic("a", 1)));
        Assert.Equal(ErrorCode.TopicAlreadyExists, exists.ErrorCode);
        Assert.Equal("topic a: there already (TOPIC_ALREADY_EXISTS)", exists.Message);
        KafkaException unknown = await Assert.ThrowsAsync<KafkaException>(() => admin.DeleteTopicAsync("nope"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, unknown.ErrorCode);
    }

    [Fact]
    public async Task Offsets_are_asked_of_each_leader()
    {
        await using FakeCluster cluster = new(brokersCount: 2);
        FakePartition[] partitions = cluster.Create("t", 3);
        for (int i = 0; i < 3; i++)
        {
            ConsumerTests.Fill(partitions[i], i + 1, 10);
        }

        await using AdminClient admin = Admin(cluster);
        IReadOnlyDictionary<TopicAndPartition, FoundOffset> found = await admin.ListOffsetsAsync(
            [.. Enumerable.Range(0, 3).Select(i => KeyValuePair.Create(new TopicAndPartition("t", i), StartPosition.Latest))]);
        Assert.Equal([10L, 20, 30], Enumerable.Range(0, 3).Select(i => found[new TopicAndPartition("t", i)].Offset));
    }

    private static AdminClient Admin(FakeCluster cluster) =>
        new(new ClientOptions { BootstrapServers = cluster.BootstrapServers, RetryBackoffMs = 1 });
}
