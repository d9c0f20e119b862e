using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>What members of a classic group tell one another through the coordinator.</summary>
internal static class ConsumerProtocol
{
    private const short VersionMax = 3;
    private const short AssignmentVersion = 1;

    public static byte[] Subscription(
        IReadOnlyList<string> topics,
        ReadOnlyMemory<byte>? userData,
        IEnumerable<TopicAndPartition> owned,
        int generation,
        string? rack)
    {
        ConsumerProtocolSubscription subscription = new() { UserData = userData, GenerationId = generation, RackId = rack };
        subscription.Topics.AddRange(topics);
        foreach (var topic in owned.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal))
        {
            ConsumerProtocolSubscription.TopicPartition item = subscription.OwnedPartitions.Add();
            item.Topic = topic.Key;
            item.Partitions.AddRange(topic.Select(partition => partition.Partition).Order());
        }

        return VersionPrefixed.ToArray(subscription, VersionMax);
    }

    /// <summary>Reads what a member said when it joined.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static AssignorMember Member(string memberId, string? instanceId, ReadOnlyMemory<byte> metadata)
    {
        ConsumerProtocolSubscription subscription = new();
        short version = Read(subscription, metadata);
        List<TopicAndPartition> owned = [];
        foreach (ConsumerProtocolSubscription.TopicPartition topic in subscription.OwnedPartitions)
        {
            owned.AddRange(topic.Partitions.Select(partition => new TopicAndPartition(topic.Topic, partition)));
        }

        int generation = version >= 2 ? subscription.GenerationId
            : CooperativeStickyAssignor.GenerationIn(subscription.UserData);
        return new AssignorMember(memberId, instanceId, [.. subscription.Topics], owned, generation);
    }

    public static byte[] Assignment(IEnumerable<TopicAndPartition> partitions)
    {
        ConsumerProtocolAssignment assignment = new() { UserData = null };
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            ConsumerProtocolAssignment.TopicPartition item = assignment.AssignedPartitions.Add();
            item.Topic = topic.Key;
            item.Partitions.AddRange(topic.Select(partition => partition.Partition));
        }

        return VersionPrefixed.ToArray(assignment, AssignmentVersion);
    }

    /// <summary>Reads an assignment; no bytes are no partitions.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static List<TopicAndPartition> ReadAssignment(ReadOnlyMemory<byte> bytes)
    {
        List<TopicAndPartition> partitions = [];
        if (bytes.IsEmpty)
        {
            return partitions;
        }

        ConsumerProtocolAssignment assignment = new();
        Read(assignment, bytes);
        foreach (ConsumerProtocolAssignment.TopicPartition topic in assignment.AssignedPartitions)
        {
            partitions.AddRange(topic.Partitions.Select(partition => new TopicAndPartition(topic.Topic, partition)));
        }

        return partitions;
    }

    /// <summary>Later versions only append fields, so they are read as the latest known one.</summary>
    private static short Read(IMessageStruct message, ReadOnlyMemory<byte> bytes)
    {
        short version = VersionPrefixed.ReadVersion(bytes.Span);
        if (version < 0)
        {
            throw new ProtocolException($"consumer protocol version {version}");
        }

        short known = Math.Min(version, VersionMax);
        message.DecodeFrom(bytes[sizeof(short)..], known);
        return known;
    }
}
