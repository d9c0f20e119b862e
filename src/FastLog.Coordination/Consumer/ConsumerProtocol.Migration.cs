using FastLog.Protocol;

namespace FastLog.Coordination.Consumer;

/// <summary>Groups that go from one protocol to the other while their members consume.</summary>
public sealed partial class ConsumerProtocol
{
    /// <summary>A draft of the consumer group that takes a classic group's place.</summary>
    private Refusal? OpenClassic(Turn turn, Group other, out GroupDraft? draft)
    {
        draft = null;
        if (other is not ClassicGroup classic)
        {
            return Refusal.NotConsumerGroup(other.Id);
        }

        if (!classic.IsEmpty && !(Context.Options.MayUpgrade && classic.IsConvertible
            && classic.Members.Count <= Context.Options.ConsumerMembersMax))
        {
            return Refusal.NotConsumerGroup(other.Id);
        }

        draft = new GroupDraft(new GroupState(classic.Id));
        draft.Before(written =>
        {
            classic.WriteTombstones(written);
            written.OnAppended(appended => OnUpgraded(appended, classic));
        });
        if (!classic.IsEmpty)
        {
            Convert(turn, draft, classic);
        }

        return null;
    }

    /// <summary>
    /// Writes a classic group's members as they are: at the generation as their epoch, with what their leader gave them
    /// as what they hold. A rebalance that was under way is gone; they hear of the next at their next request.
    /// </summary>
    private static void Convert(Turn turn, GroupDraft draft, ClassicGroup classic)
    {
        var groupId = draft.GroupId;
        foreach (var member in classic.Members)
        {
            draft.Write(ConsumerRecords.Member(groupId, member.Id, MetadataOf(member, classic.ProtocolName)));
        }

        draft.Write(ConsumerRecords.GroupEpoch(groupId, classic.Generation));
        var assigned = classic.Members.ToDictionary(
            static member => member.Id,
            member => EmbeddedProtocol.ReadAssignment(member.Assignment, turn.Topics),
            StringComparer.Ordinal);
        foreach (var (memberId, partitions) in assigned)
        {
            draft.Write(ConsumerRecords.Target(groupId, memberId, partitions));
        }

        draft.Write(ConsumerRecords.TargetEpoch(groupId, classic.Generation));
        foreach (var (memberId, partitions) in assigned)
        {
            draft.Write(ConsumerRecords.Current(groupId, memberId, new CurrentAssignment(
                classic.Generation,
                classic.Generation,
                MemberState.Stable,
                partitions,
                Assignors.TopicPartitionSet.Empty)));
        }
    }

    private static MemberMetadata MetadataOf(ClassicMember member, string? protocolName)
    {
        var subscription = EmbeddedProtocol.ReadSubscription(member.SubscriptionFor(protocolName));
        Invariant.Check(subscription is not null, "a convertible group's subscriptions can be read");
        return new MemberMetadata
        {
            InstanceId = member.InstanceId,
            RackId = subscription.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            TopicNames = MemberMetadata.Sort(subscription.Topics),
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Classic = new ClassicMembership(member.SessionTimeoutMs, member.Protocols),
        };
    }

    private void OnUpgraded(Turn turn, ClassicGroup classic)
    {
        ClassicProtocol.AnswerWaiting(turn, classic, ErrorCode.RebalanceInProgress);
        if (FindGroup(classic.Id) is { } group)
        {
            foreach (var member in group.State.Members.Values)
            {
                group.Heard(member, turn.NowMs);
            }
        }
    }

    /// <summary>
    /// Makes a classic group of what is left of a consumer group, when that is members of the classic protocol only.
    /// They are to rejoin: the generation is new to them.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="group">The group as it is.</param>
    /// <param name="rest">The group without those who leave.</param>
    private bool TryDowngrade(Turn turn, ConsumerGroup group, GroupState rest)
    {
        var options = Context.Options;
        if (rest.Members.Count == 0 || rest.ClassicCount < rest.Members.Count
            || !options.MayDowngrade || !options.IsClassicEnabled || rest.Members.Count > options.ClassicMembersMax)
        {
            return false;
        }

        var members = rest.Members.Values.Select(member => ClassicDataOf(member, turn.Topics)).ToList();
        if (ClassicMemberProtocol.Vote([.. members.Select(static member => member.Protocols)]) is null)
        {
            return false;
        }

        group.WriteTombstones(turn);
        turn.Write(ClassicProtocol.DowngradeRecord(group.Id, group.GroupEpoch, turn.NowMs, members));
        turn.OnAppended(appended =>
        {
            if (Context.Groups.Find(group.Id) is ClassicGroup classic)
            {
                _classic.OnDowngraded(appended, classic, members);
            }
        });
        return true;
    }

    private static ClassicMemberData ClassicDataOf(ConsumerMember member, IGroupTopics topics)
    {
        var classic = member.Metadata.Classic!;
        return new ClassicMemberData(
            member.Id,
            member.Metadata.InstanceId,
            member.Metadata.ClientId,
            member.Metadata.ClientHost,
            member.Metadata.RebalanceTimeoutMs,
            classic.SessionTimeoutMs,
            classic.Protocols,
            EmbeddedProtocol.WriteAssignment(member.Current.Assigned, classic, topics));
    }
}
