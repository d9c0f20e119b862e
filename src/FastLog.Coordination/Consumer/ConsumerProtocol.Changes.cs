using FastLog.Protocol;

namespace FastLog.Coordination.Consumer;

/// <summary>What changes a group: members that come, change and go, and topics that do.</summary>
public sealed partial class ConsumerProtocol
{
    /// <summary>A draft of a group that is no consumer group yet; refuses when it may not become one.</summary>
    private Refusal? Open(Turn turn, string groupId, bool mayCreate, out GroupDraft? draft)
    {
        draft = null;
        var other = Context.Groups.Find(groupId);
        if (other is not null)
        {
            return mayCreate ? OpenClassic(turn, other, out draft) : Refusal.NotConsumerGroup(groupId);
        }

        draft = mayCreate ? new GroupDraft(new GroupState(groupId)) : null;
        return mayCreate ? null : new Refusal(ErrorCode.GroupIdNotFound, $"Consumer group {groupId} not found.");
    }

    /// <summary>
    /// The topics may have changed: whether this group's have. When they have not, that is remembered, so that the next
    /// heartbeats need not ask again.
    /// </summary>
    private static bool TopicsChanged(Turn turn, ConsumerGroup group)
    {
        if (!group.MustLook(turn))
        {
            return false;
        }

        var withRegexes = group.MayMatchRegexes(turn);
        if (TopicsLook.Differs(group.State, turn, withRegexes))
        {
            return true;
        }

        group.Looked(turn, withRegexes);
        return false;
    }

    /// <summary>Takes a member's metadata in, and the group to a target assignment that has regard to all that is known.</summary>
    private void Advance(Turn turn, GroupDraft draft, string memberId, MemberMetadata metadata, bool withRegexes)
    {
        var before = draft.State.Find(memberId);
        if (before is null || !before.Metadata.Equals(metadata))
        {
            draft.Write(ConsumerRecords.Member(draft.GroupId, memberId, metadata));
        }

        var mustBump = before is null || !before.Metadata.SubscribesLike(metadata)
            || before.Metadata.ServerAssignor != metadata.ServerAssignor;
        BumpIf(mustBump, turn, draft, withRegexes);
        if (draft.State.GroupEpoch > draft.State.AssignmentEpoch)
        {
            TargetAssignment.Update(draft, _assignors);
        }
    }

    private void BumpIf(bool mustBump, Turn turn, GroupDraft draft, bool withRegexes)
    {
        if (TopicsLook.Write(draft, turn, withRegexes) || mustBump)
        {
            draft.Write(ConsumerRecords.GroupEpoch(draft.GroupId, draft.State.GroupEpoch + 1));
        }

        turn.OnAppended(appended => FindGroup(draft.GroupId)?.Looked(appended, withRegexes));
    }

    /// <summary>A static member that was away comes back, maybe under another id: it has all that it had.</summary>
    private static void TakeOver(GroupDraft draft, ConsumerMember old, string memberId)
    {
        var target = draft.State.TargetOf(old.Id);
        foreach (var record in GroupTombstones.Of(draft.GroupId, old.Id))
        {
            draft.Write(record);
        }

        draft.Write(ConsumerRecords.Member(draft.GroupId, memberId, old.Metadata));
        draft.Write(ConsumerRecords.Target(draft.GroupId, memberId, target ?? Assignors.TopicPartitionSet.Empty));
        draft.Write(ConsumerRecords.Current(
            draft.GroupId, memberId, CurrentAssignment.None with { PreviousMemberEpoch = 0, Assigned = old.Current.Assigned }));
    }

    /// <summary>
    /// Takes members out. The target assignment of those who stay is computed at the next heartbeat, since more may leave
    /// until then. When none but classic members stay, the group may become a classic one.
    /// </summary>
    private void Remove(Turn turn, ConsumerGroup group, IReadOnlyCollection<string> memberIds)
    {
        var draft = new GroupDraft(group.State.Clone());
        foreach (var memberId in memberIds)
        {
            foreach (var record in GroupTombstones.Of(draft.GroupId, memberId))
            {
                draft.Write(record);
            }
        }

        if (TryDowngrade(turn, group, draft.State))
        {
            return;
        }

        BumpIf(mustBump: true, turn, draft, withRegexes: false);
        draft.Commit(turn);
    }
}
