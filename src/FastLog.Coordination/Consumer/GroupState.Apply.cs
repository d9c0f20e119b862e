using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>What each type of record does to a group. A tombstone for what is not there does nothing.</summary>
internal sealed partial class GroupState
{
    /// <summary>Applies a record of this group; nothing of its messages is kept.</summary>
    public void Apply(in CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ConsumerGroupMetadataKey:
                GroupEpoch = ((ConsumerGroupMetadataValue?)record.Value)?.Epoch ?? 0;
                break;
            case ConsumerGroupPartitionMetadataKey:
                Topics = record.Value is ConsumerGroupPartitionMetadataValue topics
                    ? SubscribedTopics.Of(topics)
                    : SubscribedTopics.None;
                break;
            case ConsumerGroupMemberMetadataKey key:
                Apply(key, (ConsumerGroupMemberMetadataValue?)record.Value);
                break;
            case ConsumerGroupTargetAssignmentMetadataKey:
                AssignmentEpoch = ((ConsumerGroupTargetAssignmentMetadataValue?)record.Value)?.AssignmentEpoch ?? 0;
                break;
            case ConsumerGroupTargetAssignmentMemberKey key:
                Apply(key, (ConsumerGroupTargetAssignmentMemberValue?)record.Value);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey key:
                Apply(key, (ConsumerGroupCurrentMemberAssignmentValue?)record.Value);
                break;
            case ConsumerGroupRegularExpressionKey key:
                Apply(key, (ConsumerGroupRegularExpressionValue?)record.Value);
                break;
            default:
                throw new ArgumentException($"{record.Key.GetType().Name} is no record of a consumer group.");
        }
    }

    private void Apply(ConsumerGroupMemberMetadataKey key, ConsumerGroupMemberMetadataValue? value)
    {
        var before = Find(key.MemberId);
        if (value is not null)
        {
            Put(before, (before ?? ConsumerMember.Joining(key.MemberId)) with { Metadata = StoredMember.Read(value) });
        }
        else if (before is not null)
        {
            Put(before, null);
        }
    }

    private void Apply(ConsumerGroupTargetAssignmentMemberKey key, ConsumerGroupTargetAssignmentMemberValue? value)
    {
        if (value is null)
        {
            _targets.Remove(key.MemberId);
        }
        else
        {
            _targets[key.MemberId] = StoredPartitions.Read(value.TopicPartitions);
        }
    }

    private void Apply(ConsumerGroupCurrentMemberAssignmentKey key, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        var before = Find(key.MemberId);
        if (value is not null)
        {
            // The member's own record may stand behind this one in a log that was compacted.
            var pending = StoredPartitions.Read(value.PartitionsPendingRevocation);
            var current = new CurrentAssignment(
                value.MemberEpoch,
                value.PreviousMemberEpoch,
                StateOf(value.State, pending),
                StoredPartitions.Read(value.AssignedPartitions),
                pending);
            Put(before, (before ?? ConsumerMember.Joining(key.MemberId)) with { Current = current });
        }
        else if (before is not null)
        {
            Put(before, before with { Current = CurrentAssignment.None });
        }
    }

    /// <summary>A state that a later version wrote is taken for the nearest one known, and worked off from there.</summary>
    private static MemberState StateOf(sbyte stored, TopicPartitionSet pending) => (MemberState)stored switch
    {
        MemberState.Stable or MemberState.UnrevokedPartitions or MemberState.UnreleasedPartitions => (MemberState)stored,
        _ => pending.IsEmpty ? MemberState.UnreleasedPartitions : MemberState.UnrevokedPartitions,
    };

    private void Apply(ConsumerGroupRegularExpressionKey key, ConsumerGroupRegularExpressionValue? value)
    {
        _subscribedTopics = null;
        if (value is null)
        {
            _regexes.Remove(key.RegularExpression);
        }
        else
        {
            _regexes[key.RegularExpression] = new ResolvedRegex(value.Topics, value.Version, value.Timestamp);
        }
    }

    private void Put(ConsumerMember? before, ConsumerMember? after)
    {
        Holders.Replace(before?.Current ?? CurrentAssignment.None, after?.Current ?? CurrentAssignment.None);
        ClassicCount += (after?.IsClassic == true ? 1 : 0) - (before?.IsClassic == true ? 1 : 0);
        if (!ReferenceEquals(before?.Metadata, after?.Metadata))
        {
            _subscribedTopics = null;
            PutStatic(before, after);
        }

        if (after is not null)
        {
            _members[after.Id] = after;
        }
        else
        {
            _members.Remove(before!.Id);
        }
    }

    private void PutStatic(ConsumerMember? before, ConsumerMember? after)
    {
        if (before?.Metadata.InstanceId is { } left
            && _staticMembers.TryGetValue(left, out var memberId) && memberId == before.Id)
        {
            _staticMembers.Remove(left);
        }

        if (after?.Metadata.InstanceId is { } instanceId)
        {
            _staticMembers[instanceId] = after.Id;
        }
    }
}
