using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>What members of the classic protocol send and get as bytes, which the coordinator reads and writes here.</summary>
internal static class EmbeddedProtocol
{
    private const short VersionMax = 3;

    /// <summary>A member's subscription; null when it cannot be read.</summary>
    public static ConsumerProtocolSubscription? ReadSubscription(ReadOnlyMemory<byte> bytes) =>
        TryRead(new ConsumerProtocolSubscription(), bytes);

    /// <summary>The partitions of an assignment, without those of topics that are gone; none when it cannot be read.</summary>
    public static TopicPartitionSet ReadAssignment(ReadOnlyMemory<byte> bytes, IGroupTopics topics)
    {
        var set = new TopicPartitionSet.Builder();
        if (!bytes.IsEmpty && TryRead(new ConsumerProtocolAssignment(), bytes) is { } assignment)
        {
            foreach (var topic in assignment.AssignedPartitions)
            {
                if (topics.Find(topic.Topic) is { } known)
                {
                    set.Add(known.Id, topic.Partitions.AsSpan());
                }
            }
        }

        return set.Build();
    }

    /// <summary>The partitions that a subscription says its member owns.</summary>
    public static TopicPartitionSet OwnedOf(ConsumerProtocolSubscription subscription, IGroupTopics topics)
    {
        var set = new TopicPartitionSet.Builder();
        foreach (var topic in subscription.OwnedPartitions)
        {
            if (topics.Find(topic.Topic) is { } known)
            {
                set.Add(known.Id, topic.Partitions.AsSpan());
            }
        }

        return set.Build();
    }

    /// <summary>An assignment in the version that the member's own subscription has.</summary>
    public static byte[] WriteAssignment(TopicPartitionSet set, ClassicMembership member, IGroupTopics topics)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (var topic in set.Topics)
        {
            if (topics.Find(topic.TopicId) is { } known)
            {
                var entry = assignment.AssignedPartitions.Add();
                entry.Topic = known.Name;
                entry.Partitions.AddRange(topic.Partitions.AsSpan());
            }
        }

        var version = VersionPrefixed.ReadVersion(member.Protocols[0].Metadata.Span);
        return VersionPrefixed.ToArray(assignment, short.Clamp(version, 0, VersionMax));
    }

    private static TMessage? TryRead<TMessage>(TMessage message, ReadOnlyMemory<byte> bytes)
        where TMessage : class, IMessage
    {
        try
        {
            // A later version than any known begins like the latest known.
            var version = VersionPrefixed.ReadVersion(bytes.Span);
            message.DecodeFrom(bytes[sizeof(short)..], short.Min(version, VersionMax));
            return message;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
