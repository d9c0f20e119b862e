using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DescribeTopicPartitionsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Fact]
    public void Topics_come_in_order_of_their_names_each_with_its_partitions()
    {
        var prefix = NewName();
        Client.CreateTopic(prefix + "-b", 2);
        var id = Client.CreateTopic(prefix + "-a");

        var response = Client.Send(Asking(100, prefix + "-b", prefix + "-a", prefix + "-missing", "bad/name"), 0);

        Assert.Equal(
            ["bad/name", prefix + "-a", prefix + "-b", prefix + "-missing"], response.Topics.Select(topic => topic.Name));
        Assert.Equal(
            [ErrorCode.InvalidTopicException, ErrorCode.None, ErrorCode.None, ErrorCode.UnknownTopicOrPartition],
            response.Topics.Select(topic => topic.ErrorCode));
        Assert.Equal(id, response.Topics[1].TopicId);
        Assert.Equal([0, 1], response.Topics[2].Partitions.Select(partition => partition.PartitionIndex));
        Assert.Equal([1], response.Topics[2].Partitions[1].IsrNodes);
        Assert.Empty(response.Topics[2].Partitions[1].EligibleLeaderReplicas!);
        Assert.Null(response.NextCursor);
    }

    [Fact]
    public void The_cursor_leads_through_all_partitions_and_none_comes_twice()
    {
        var prefix = NewName();
        Client.CreateTopic(prefix + "-a", 3);
        Client.CreateTopic(prefix + "-b", 4);
        var request = Asking(2, prefix + "-a", prefix + "-b");
        var seen = new List<string>();
        var pages = 0;
        while (true)
        {
            var response = Client.Send(request, 0);
            pages++;
            Assert.InRange(response.Topics.Sum(topic => topic.Partitions.Count), 1, 2);
            seen.AddRange(response.Topics.SelectMany(
                topic => topic.Partitions.Select(partition => $"{topic.Name}/{partition.PartitionIndex}")));
            if (response.NextCursor is not { } next)
            {
                break;
            }

            request.Cursor = new() { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex };
        }

        Assert.Equal(4, pages);
        Assert.Equal(
            [
                .. Enumerable.Range(0, 3).Select(index => $"{prefix}-a/{index}"),
                .. Enumerable.Range(0, 4).Select(index => $"{prefix}-b/{index}"),
            ],
            seen);
    }

    [Fact]
    public void No_names_ask_for_all_topics()
    {
        var name = NewTopic();

        Assert.Contains(Client.Send(Asking(2_000), 0).Topics, topic => topic.Name == name);
    }

    [Fact]
    public void A_cursor_at_a_deleted_topic_goes_on_behind_it()
    {
        var prefix = NewName();
        Client.CreateTopic(prefix + "-a");
        Client.CreateTopic(prefix + "-c");
        var request = Asking(10, prefix + "-a", prefix + "-c");
        request.Cursor = new() { TopicName = prefix + "-b", PartitionIndex = 7 };

        Assert.Equal(prefix + "-c", Assert.Single(Client.Send(request, 0).Topics).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_that_makes_no_sense_is_one_partition_at_a_time(int limit)
    {
        var name = NewTopic(2);

        var response = Client.Send(Asking(limit, name), 0);

        Assert.Single(Assert.Single(response.Topics).Partitions);
        Assert.Equal((name, 1), (response.NextCursor!.TopicName, response.NextCursor.PartitionIndex));
    }

    [Fact]
    public void A_cursor_that_makes_no_sense_is_an_invalid_request_for_each_topic()
    {
        var request = Asking(10, NewTopic(), NewName());
        request.Cursor = new() { TopicName = request.Topics[0].Name, PartitionIndex = -1 };

        var response = Client.Send(request, 0);

        Assert.Equal(request.Topics.Select(topic => topic.Name), response.Topics.Select(topic => topic.Name));
        Assert.All(response.Topics, topic => Assert.Equal(ErrorCode.InvalidRequest, topic.ErrorCode));
    }

    [Fact]
    public void A_topic_deleted_between_two_pages_is_passed_over()
    {
        var prefix = NewName();
        Client.CreateTopic(prefix + "-a");
        Client.CreateTopic(prefix + "-b", 3);
        Client.CreateTopic(prefix + "-c");
        var request = Asking(2, prefix + "-a", prefix + "-c");
        request.Topics.Add().Name = prefix + "-b";
        var cursor = Client.Send(request, 0).NextCursor!;
        Assert.Equal((prefix + "-b", 1), (cursor.TopicName, cursor.PartitionIndex));
        Client.DeleteTopic(prefix + "-b");
        request.Cursor = new() { TopicName = cursor.TopicName, PartitionIndex = cursor.PartitionIndex };

        var next = Client.Send(request, 0);

        Assert.Equal(
            [(prefix + "-b", ErrorCode.UnknownTopicOrPartition), (prefix + "-c", ErrorCode.None)],
            next.Topics.Select(topic => (topic.Name, topic.ErrorCode)));
        Assert.Null(next.NextCursor);
    }

    [Fact]
    public async Task The_brokers_own_limit_is_the_lower_one()
    {
        await using var broker = await TestBroker.StartAsync("max.request.partition.size.limit=2");
        using var client = broker.Connect();
        client.CreateTopic("wide", 5);

        var response = client.Send(Asking(1_000, "wide"), 0);

        Assert.Equal(2, response.Topics[0].Partitions.Count);
        Assert.Equal(("wide", 2), (response.NextCursor!.TopicName, response.NextCursor.PartitionIndex));
    }

    private static DescribeTopicPartitionsRequest Asking(int limit, params string[] names)
    {
        var request = new DescribeTopicPartitionsRequest { ResponsePartitionLimit = limit, Cursor = null };
        foreach (var name in names)
        {
            request.Topics.Add().Name = name;
        }

        return request;
    }
}
