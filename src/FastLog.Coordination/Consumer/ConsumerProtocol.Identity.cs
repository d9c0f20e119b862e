using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>Who a heartbeat comes from, and whether it may come.</summary>
public sealed partial class ConsumerProtocol
{
    /// <summary>How a member's epoch stands to the one it sends.</summary>
    private enum Standing
    {
        /// <summary>It is the same, or the member is new.</summary>
        Current,

        /// <summary>It is the one before: the answer with the new one was lost, and is given again.</summary>
        Previous,
    }

    private static Refusal? Identify(
        GroupState group,
        ConsumerGroupHeartbeatRequest request,
        string memberId,
        TopicPartitionSet? owned,
        out Identity identity)
    {
        identity = default;
        var known = group.Find(memberId);
        if (request.InstanceId is { } instanceId)
        {
            var owner = group.FindStatic(instanceId);
            if (request.MemberEpoch == 0 && owner is { Epoch: ConsumerMember.AwayEpoch })
            {
                identity = new Identity(owner, Standing.Current, IsReturning: true);
                return null;
            }

            if (CheckInstance(request, memberId, instanceId, owner) is { } refusal)
            {
                return refusal;
            }

            known = owner ?? known;
        }

        if (known is null)
        {
            return request.MemberEpoch == 0 ? null : Refusal.UnknownMember(memberId, group.GroupId);
        }

        return CheckEpoch(known, request.MemberEpoch, owned, out identity);
    }

    private static Refusal? CheckInstance(
        ConsumerGroupHeartbeatRequest request, string memberId, string instanceId, ConsumerMember? owner)
    {
        if (request.MemberEpoch == 0)
        {
            return owner is null || owner.Id == memberId
                ? null
                : new Refusal(
                    ErrorCode.UnreleasedInstanceId,
                    $"Static member {memberId} with instance id {instanceId} cannot join the group {request.GroupId} "
                    + $"because the instance id is owned by member {owner.Id}.");
        }

        return owner is null ? Refusal.UnknownInstance(instanceId)
            : owner.Id != memberId ? Refusal.FencedInstance(memberId, instanceId, owner.Id)
            : null;
    }

    /// <summary>
    /// A member may come with its epoch, or, when it says what it owns and that is no more than it may still have, with
    /// the one before. With any other it has missed something for good and has to begin anew.
    /// </summary>
    private static Refusal? CheckEpoch(ConsumerMember member, int epoch, TopicPartitionSet? owned, out Identity identity)
    {
        identity = new Identity(member, epoch == member.Epoch ? Standing.Current : Standing.Previous, IsReturning: false);
        if (epoch == member.Epoch)
        {
            return null;
        }

        var current = member.Current;
        return epoch < member.Epoch && epoch == current.PreviousMemberEpoch && owned is not null
            && current.Assigned.Union(current.PendingRevocation).ContainsAll(owned)
            ? null
            : new Refusal(
                ErrorCode.FencedMemberEpoch,
                $"The consumer group member has a {(epoch > member.Epoch ? "greater" : "smaller")} member epoch ({epoch}) "
                + $"than the one known by the group coordinator ({member.Epoch}). The member must abandon all its "
                + "partitions and rejoin.");
    }

    /// <summary>Who a heartbeat comes from.</summary>
    /// <param name="Known">The member; null for a new one. One that returns still has its old id here.</param>
    /// <param name="Standing">How its epoch stands.</param>
    /// <param name="IsReturning">Whether it is a static member that was away.</param>
    private readonly record struct Identity(ConsumerMember? Known, Standing Standing, bool IsReturning);
}
