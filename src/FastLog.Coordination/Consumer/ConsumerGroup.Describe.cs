using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>The group as administrators see it.</summary>
public sealed partial class ConsumerGroup
{
    /// <summary>Fills in what ConsumerGroupDescribe, versions 0 and 1, tells of the group; not what one may do to it.</summary>
    /// <param name="into">Takes it.</param>
    /// <param name="topics">The topics, for their names; partitions of topics that are gone are left out.</param>
    public void Describe(ConsumerGroupDescribeResponse.DescribedGroup into, IGroupTopics topics)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(topics);
        into.GroupId = Id;
        into.GroupState = StateName;
        into.GroupEpoch = GroupEpoch;
        into.AssignmentEpoch = AssignmentEpoch;
        into.AssignorName = _protocol.AssignorNameOf(this);
        foreach (var member in State.Members.Values)
        {
            Describe(into.Members.Add(), member, topics);
        }
    }

    /// <summary>
    /// What ConsumerGroupDescribe answers for a group id that no consumer group has, in Kafka's words: GROUP_ID_NOT_FOUND.
    /// </summary>
    /// <param name="into">Takes it.</param>
    /// <param name="groupId">The group id.</param>
    /// <param name="isOther">Whether a group of another kind has it.</param>
    public static void DescribeMissing(ConsumerGroupDescribeResponse.DescribedGroup into, string groupId, bool isOther)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.GroupId = groupId;
        into.ErrorCode = ErrorCode.GroupIdNotFound;
        into.ErrorMessage = isOther ? $"Group {groupId} is not a consumer group." : $"Group {groupId} not found.";
    }

    private void Describe(ConsumerGroupDescribeResponse.Member into, ConsumerMember member, IGroupTopics topics)
    {
        into.MemberId = member.Id;
        into.InstanceId = member.Metadata.InstanceId;
        into.RackId = member.Metadata.RackId;
        into.MemberEpoch = member.Epoch;
        into.ClientId = member.Metadata.ClientId;
        into.ClientHost = member.Metadata.ClientHost;
        into.SubscribedTopicNames.AddRange(member.Metadata.TopicNames.AsSpan());
        into.SubscribedTopicRegex = member.Metadata.TopicRegex;
        into.MemberType = (sbyte)(member.IsClassic ? 0 : 1);
        Fill(into.Assignment, member.Current.Assigned, topics);
        Fill(into.TargetAssignment, State.TargetOf(member.Id) ?? TopicPartitionSet.Empty, topics);
    }

    private static void Fill(ConsumerGroupDescribeResponse.Assignment into, TopicPartitionSet set, IGroupTopics topics)
    {
        foreach (var topic in set.Topics)
        {
            if (topics.Find(topic.TopicId) is { } known)
            {
                var entry = into.TopicPartitions.Add();
                entry.TopicId = topic.TopicId;
                entry.TopicName = known.Name;
                entry.Partitions.AddRange(topic.Partitions.AsSpan());
            }
        }
    }
}
