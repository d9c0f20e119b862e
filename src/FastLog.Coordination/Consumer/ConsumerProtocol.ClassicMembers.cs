using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>What members of the classic protocol do in a consumer group once they have joined.</summary>
public sealed partial class ConsumerProtocol
{
    /// <summary>
    /// SyncGroup: the partitions that the member may consume as of its epoch. UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
    /// ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL or REBALANCE_IN_PROGRESS when it has to join anew.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The request; what a leader would assign is not looked at.</param>
    /// <param name="reply">Takes the answer.</param>
    public void ClassicSync(Turn turn, SyncGroupRequest request, Action<SyncGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var error = FindClassicMember(
            request.GroupId, request.MemberId, request.GroupInstanceId, request.GenerationId, out var group, out var member);
        if (error == ErrorCode.None)
        {
            error = CheckSync(turn, request, group!, member!);
        }

        var response = new SyncGroupResponse { ErrorCode = error };
        if (error == ErrorCode.None)
        {
            group!.Heard(member!, turn.NowMs);
            group.SessionOf(member!.Id).AwaitNothing();
            response.ProtocolType = request.ProtocolType;
            response.ProtocolName = request.ProtocolName;
            response.Assignment =
                EmbeddedProtocol.WriteAssignment(member.Current.Assigned, member.Metadata.Classic!, turn.Topics);
        }

        turn.Answer(reply, response);
    }

    /// <summary>
    /// Heartbeat: REBALANCE_IN_PROGRESS when the member has to join anew, be it to give partitions up or to get others.
    /// UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void ClassicHeartbeat(Turn turn, HeartbeatRequest request, Action<HeartbeatResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var error = FindClassicMember(
            request.GroupId, request.MemberId, request.GroupInstanceId, request.GenerationId, out var group, out var member);
        if (error == ErrorCode.None)
        {
            group!.Heard(member!, turn.NowMs);
            if (MustRejoin(turn, group, member!))
            {
                group.SessionOf(member!.Id).Await(turn.NowMs + member.Metadata.RebalanceTimeoutMs);
                error = ErrorCode.RebalanceInProgress;
            }
        }

        turn.Answer(reply, new HeartbeatResponse { ErrorCode = error });
    }

    /// <summary>LeaveGroup, of one member before version 3: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID for each.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void ClassicLeave(Turn turn, RequestOrigin origin, LeaveGroupRequest request, Action<LeaveGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var group = FindGroup(request.GroupId);
        var leaving = new HashSet<string>(StringComparer.Ordinal);
        var response = new LeaveGroupResponse();
        if (origin.ApiVersion < 3)
        {
            response.ErrorCode = CheckLeave(group, request.MemberId, null, leaving);
        }
        else
        {
            foreach (var identity in request.Members)
            {
                var told = response.Members.Add();
                told.MemberId = identity.MemberId;
                told.GroupInstanceId = identity.GroupInstanceId;
                told.ErrorCode = CheckLeave(group, identity.MemberId, identity.GroupInstanceId, leaving);
            }
        }

        if (leaving.Count > 0)
        {
            Remove(turn, group!, leaving);
        }

        turn.Answer(reply, response);
    }

    private static ErrorCode CheckSync(Turn turn, SyncGroupRequest request, ConsumerGroup group, ConsumerMember member)
    {
        if (request.ProtocolType is not (null or ClassicGroup.ConsumerProtocolType)
            || (request.ProtocolName is { } name && name != member.Metadata.Classic!.Protocols[0].Name))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        // One that has to give partitions up learns by this answer which it keeps.
        if (group.GroupEpoch > member.Epoch && member.Current.State != MemberState.UnrevokedPartitions)
        {
            group.SessionOf(member.Id).Await(turn.NowMs + member.Metadata.RebalanceTimeoutMs);
            return ErrorCode.RebalanceInProgress;
        }

        return ErrorCode.None;
    }

    private static bool MustRejoin(Turn turn, ConsumerGroup group, ConsumerMember member)
    {
        var state = group.State;
        if (member.Epoch < state.GroupEpoch || member.Current.State == MemberState.UnrevokedPartitions
            || TopicsChanged(turn, group))
        {
            return true;
        }

        if (member.Current.State != MemberState.UnreleasedPartitions || state.TargetOf(member.Id) is not { } target)
        {
            return false;
        }

        var missing = target.Except(member.Current.Assigned);
        return state.Holders.FreeOf(missing).Count == missing.Count;
    }

    private static ErrorCode CheckLeave(ConsumerGroup? group, string memberId, string? instanceId, HashSet<string> leaving)
    {
        // An administrator knows the name of a static member, not its id.
        var member = group is null ? null
            : instanceId is not null ? group.State.FindStatic(instanceId)
            : group.State.Find(memberId);
        if (member is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (memberId.Length > 0 && member.Id != memberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return member.IsClassic && leaving.Add(member.Id) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private ErrorCode FindClassicMember(
        string groupId, string memberId, string? instanceId, int generation, out ConsumerGroup? group, out ConsumerMember? member)
    {
        group = FindGroup(groupId);
        member = instanceId is null ? group?.State.Find(memberId) : group?.State.FindStatic(instanceId);
        if (member is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (member.Id != memberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return !member.IsClassic ? ErrorCode.UnknownMemberId
            : generation != member.Epoch ? ErrorCode.IllegalGeneration
            : ErrorCode.None;
    }
}
