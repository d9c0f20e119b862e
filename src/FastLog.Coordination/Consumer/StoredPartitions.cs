using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>Sets of partitions in the several shapes that messages have for them.</summary>
internal static class StoredPartitions
{
    public static TopicPartitionSet Read(MessageList<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> list)
    {
        var set = new TopicPartitionSet.Builder();
        foreach (var topic in list)
        {
            set.Add(topic.TopicId, topic.Partitions.AsSpan());
        }

        return set.Build();
    }

    public static TopicPartitionSet Read(MessageList<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> list)
    {
        if (list.Count == 0)
        {
            return TopicPartitionSet.Empty;
        }

        var set = new TopicPartitionSet.Builder();
        foreach (var topic in list)
        {
            set.Add(topic.TopicId, topic.Partitions.AsSpan());
        }

        return set.Build();
    }

    /// <summary>What a client says it owns; null when it does not say.</summary>
    public static TopicPartitionSet? Read(MessageList<ConsumerGroupHeartbeatRequest.TopicPartition>? list)
    {
        if (list is null || list.Count == 0)
        {
            return list is null ? null : TopicPartitionSet.Empty;
        }

        var set = new TopicPartitionSet.Builder();
        foreach (var topic in list)
        {
            set.Add(topic.TopicId, topic.Partitions.AsSpan());
        }

        return set.Build();
    }

    public static void Fill(MessageList<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> list, TopicPartitionSet set)
    {
        foreach (var topic in set.Topics)
        {
            var entry = list.Add();
            entry.TopicId = topic.TopicId;
            entry.Partitions.AddRange(topic.Partitions.AsSpan());
        }
    }

    public static void Fill(MessageList<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> list, TopicPartitionSet set)
    {
        foreach (var topic in set.Topics)
        {
            var entry = list.Add();
            entry.TopicId = topic.TopicId;
            entry.Partitions.AddRange(topic.Partitions.AsSpan());
        }
    }

    public static ConsumerGroupHeartbeatResponse.AssignmentData ToAnswer(TopicPartitionSet set)
    {
        var answer = new ConsumerGroupHeartbeatResponse.AssignmentData();
        foreach (var topic in set.Topics)
        {
            var entry = answer.TopicPartitions.Add();
            entry.TopicId = topic.TopicId;
            entry.Partitions.AddRange(topic.Partitions.AsSpan());
        }

        return answer;
    }
}
