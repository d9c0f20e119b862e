using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Heartbeat, LeaveGroup, and members that say nothing any more.</summary>
public sealed partial class ClassicProtocol
{
    /// <summary>
    /// Heartbeat: keeps a member in the group and tells it of a rebalance. INVALID_GROUP_ID, UNKNOWN_MEMBER_ID,
    /// FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Heartbeat(Turn turn, RequestOrigin origin, HeartbeatRequest request, Action<HeartbeatResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var error = FindMember(
            request.GroupId, request.MemberId, request.GroupInstanceId, out var group, out var member);
        if (error == ErrorCode.None && request.GenerationId != group!.Generation)
        {
            error = ErrorCode.IllegalGeneration;
        }

        if (error == ErrorCode.None)
        {
            RestartSession(turn, member!);
            error = group!.State == ClassicGroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }

        turn.Answer(reply, new HeartbeatResponse { ErrorCode = error });
    }

    /// <summary>
    /// LeaveGroup: removes members, several from version 3 on, by their member ids or by the names of static members. Each
    /// gets its own error: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Leave(Turn turn, RequestOrigin origin, LeaveGroupRequest request, Action<LeaveGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var response = new LeaveGroupResponse();
        var group = context.Groups.Find(request.GroupId) as ClassicGroup;
        if (request.GroupId.Length == 0)
        {
            response.ErrorCode = ErrorCode.InvalidGroupId;
        }
        else if (origin.ApiVersion < 3)
        {
            response.ErrorCode = Leave(turn, group, request.MemberId, null);
        }
        else
        {
            foreach (var identity in request.Members)
            {
                var told = response.Members.Add();
                told.MemberId = identity.MemberId;
                told.GroupInstanceId = identity.GroupInstanceId;
                told.ErrorCode = Leave(turn, group, identity.MemberId, identity.GroupInstanceId);
            }
        }

        turn.Answer(reply, response);
        // A request that names nobody is in order, and nobody has left.
        var hasLeft = origin.ApiVersion < 3
            ? response.ErrorCode == ErrorCode.None
            : response.Members.Any(static member => member.ErrorCode == ErrorCode.None);
        if (hasLeft && group is not null && !group.IsEmpty)
        {
            RebalanceOrCompleteJoin(turn, group);
        }
    }

    private static ErrorCode Leave(Turn turn, ClassicGroup? group, string memberId, string? instanceId)
    {
        if (group is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (memberId.Length == 0)
        {
            // An administrator knows the name of a static member, not its id.
            if (instanceId is null || group.FindStaticMemberId(instanceId) is not { } staticMemberId)
            {
                return ErrorCode.UnknownMemberId;
            }

            memberId = staticMemberId;
        }
        else if (group.IsPending(memberId))
        {
            group.Remove(memberId);
            return ErrorCode.None;
        }

        var error = group.CheckMember(memberId, instanceId);
        if (error == ErrorCode.None)
        {
            RemoveMember(turn, group, group.FindMember(memberId)!);
        }

        return error;
    }

    /// <summary>The session of a member has ended, or a new member has waited for too long.</summary>
    private void OnSessionEnd(Turn turn, ClassicGroup group, ClassicMember member)
    {
        if (group.State == ClassicGroupState.Dead || group.FindMember(member.Id) != member || member.IsExcused)
        {
            return;
        }

        RemoveMember(turn, group, member);
        RebalanceOrCompleteJoin(turn, group);
    }

    /// <summary>A client that was told its member id did not come back with it.</summary>
    private static void OnPendingEnd(Turn turn, ClassicGroup group, string memberId)
    {
        if (group.State != ClassicGroupState.Dead && group.IsPending(memberId))
        {
            group.Remove(memberId);
            CompleteJoinIfAllAreHere(turn, group);
        }
    }

    /// <summary>Removes a member; a client that waits for an answer in its name is to join anew.</summary>
    private static void RemoveMember(Turn turn, ClassicGroup group, ClassicMember member)
    {
        AnswerJoin(turn, group, member, ErrorCode.UnknownMemberId, "");
        AnswerSync(turn, member, ErrorCode.UnknownMemberId);
        group.Remove(member.Id);
    }

    private ErrorCode FindMember(
        string groupId, string memberId, string? instanceId, out ClassicGroup? group, out ClassicMember? member)
    {
        (group, member) = (null, null);
        if (groupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        group = context.Groups.Find(groupId) as ClassicGroup;
        if (group is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        var error = group.CheckMember(memberId, instanceId);
        member = error == ErrorCode.None ? group.FindMember(memberId) : null;
        return error;
    }
}
