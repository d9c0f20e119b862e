using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Consumer;

/// <summary>Heartbeats as tests write them.</summary>
internal static class Heartbeats
{
    public static readonly RequestOrigin Origin = new("client", "/127.0.0.1", 1);

    public static ConsumerGroupHeartbeatRequest Joining(string memberId, params string[] topics)
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = memberId,
            RebalanceTimeoutMs = 60_000,
            SubscribedTopicNames = [],
            TopicPartitions = [],
        };
        request.SubscribedTopicNames.AddRange(topics);
        return request;
    }

    public static ConsumerGroupHeartbeatRequest Steady(string memberId, int epoch, TopicPartitionSet? owned = null) => new()
    {
        GroupId = "g",
        MemberId = memberId,
        MemberEpoch = epoch,
        TopicPartitions = owned is null ? null : ToList(owned),
    };

    public static MessageList<ConsumerGroupHeartbeatRequest.TopicPartition> ToList(TopicPartitionSet set)
    {
        var list = new MessageList<ConsumerGroupHeartbeatRequest.TopicPartition>();
        foreach (var topic in set.Topics)
        {
            var entry = list.Add();
            entry.TopicId = topic.TopicId;
            entry.Partitions.AddRange(topic.Partitions.AsSpan());
        }

        return list;
    }

    public static ConsumerGroupHeartbeatResponse Beat(
        this TurnRunner runner, ConsumerGroupHeartbeatRequest request, short version = 1) =>
        runner.Ask<ConsumerGroupHeartbeatResponse>((turn, reply) =>
            runner.Protocol.Heartbeat(turn, Origin with { ApiVersion = version }, request, reply));

    /// <summary>The heartbeat is accepted.</summary>
    public static ConsumerGroupHeartbeatResponse Accept(
        this TurnRunner runner, ConsumerGroupHeartbeatRequest request, short version = 1)
    {
        var response = runner.Beat(request, version);
        Assert.True(response.ErrorCode == ErrorCode.None, $"{response.ErrorCode}: {response.ErrorMessage}");
        return response;
    }

    public static TopicPartitionSet? Assigned(this ConsumerGroupHeartbeatResponse response)
    {
        if (response.Assignment is null)
        {
            return null;
        }

        var set = new TopicPartitionSet.Builder();
        foreach (var topic in response.Assignment.TopicPartitions)
        {
            set.Add(topic.TopicId, topic.Partitions.AsSpan());
        }

        return set.Build();
    }

    public static TopicPartitionSet Partitions(string topic, params int[] partitions) =>
        TopicPartitionSet.Of(StubTopics.IdOf(topic), partitions);
}
