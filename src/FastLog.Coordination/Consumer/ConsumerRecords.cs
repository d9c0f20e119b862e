using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>The records of a consumer group as Kafka writes them: key types 3 to 8 and 16.</summary>
internal static class ConsumerRecords
{
    public static CoordinatorRecord GroupEpoch(string groupId, int epoch) => CoordinatorRecord.Of(
        new ConsumerGroupMetadataKey { GroupId = groupId }, new ConsumerGroupMetadataValue { Epoch = epoch });

    public static CoordinatorRecord GroupTombstone(string groupId) =>
        CoordinatorRecord.Of(new ConsumerGroupMetadataKey { GroupId = groupId }, null);

    public static CoordinatorRecord Topics(string groupId, SubscribedTopics? topics) => CoordinatorRecord.Of(
        new ConsumerGroupPartitionMetadataKey { GroupId = groupId }, topics?.ToValue());

    public static CoordinatorRecord Member(string groupId, string memberId, MemberMetadata? metadata) => CoordinatorRecord.Of(
        new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId },
        metadata is null ? null : StoredMember.Write(metadata));

    public static CoordinatorRecord TargetEpoch(string groupId, int? epoch) => CoordinatorRecord.Of(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId },
        epoch is { } value ? new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = value } : null);

    public static CoordinatorRecord Target(string groupId, string memberId, TopicPartitionSet? target)
    {
        var key = new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId };
        if (target is null)
        {
            return CoordinatorRecord.Of(key, null);
        }

        var value = new ConsumerGroupTargetAssignmentMemberValue();
        StoredPartitions.Fill(value.TopicPartitions, target);
        return CoordinatorRecord.Of(key, value);
    }

    public static CoordinatorRecord Current(string groupId, string memberId, CurrentAssignment? current)
    {
        var key = new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId };
        if (current is null)
        {
            return CoordinatorRecord.Of(key, null);
        }

        var value = new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = current.MemberEpoch,
            PreviousMemberEpoch = current.PreviousMemberEpoch,
            State = (sbyte)current.State,
        };
        StoredPartitions.Fill(value.AssignedPartitions, current.Assigned);
        StoredPartitions.Fill(value.PartitionsPendingRevocation, current.PendingRevocation);
        return CoordinatorRecord.Of(key, value);
    }

    public static CoordinatorRecord Regex(string groupId, string regex, ResolvedRegex? resolved)
    {
        var key = new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = regex };
        if (resolved is null)
        {
            return CoordinatorRecord.Of(key, null);
        }

        var value = new ConsumerGroupRegularExpressionValue { Version = resolved.Version, Timestamp = resolved.TimestampMs };
        value.Topics.AddRange(resolved.Topics.Order(StringComparer.Ordinal));
        return CoordinatorRecord.Of(key, value);
    }

    /// <summary>The group a record belongs to; null when it is not one of a consumer group.</summary>
    public static string? GroupIdOf(IMessage key) => key switch
    {
        ConsumerGroupMetadataKey typed => typed.GroupId,
        ConsumerGroupPartitionMetadataKey typed => typed.GroupId,
        ConsumerGroupMemberMetadataKey typed => typed.GroupId,
        ConsumerGroupTargetAssignmentMetadataKey typed => typed.GroupId,
        ConsumerGroupTargetAssignmentMemberKey typed => typed.GroupId,
        ConsumerGroupCurrentMemberAssignmentKey typed => typed.GroupId,
        ConsumerGroupRegularExpressionKey typed => typed.GroupId,
        _ => null,
    };
}
