using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>SyncGroup.</summary>
public sealed partial class ClassicProtocol
{
    /// <summary>
    /// SyncGroup: a member's assignment. Answered when the leader has handed in all and they are stored, or at once:
    /// INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL (KIP-559),
    /// REBALANCE_IN_PROGRESS.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request; what its byte fields refer to must stay as it is.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Sync(Turn turn, RequestOrigin origin, SyncGroupRequest request, Action<SyncGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var error = FindMember(
            request.GroupId, request.MemberId, request.GroupInstanceId, out var group, out var member);
        if (error == ErrorCode.None)
        {
            error = CheckSync(origin, request, group!);
        }

        if (error != ErrorCode.None)
        {
            turn.Answer(reply, new SyncGroupResponse { ErrorCode = error });
            return;
        }

        MarkSynced(group!, member!);
        if (group!.State == ClassicGroupState.Stable)
        {
            turn.Answer(reply, group.SyncedAnswer(member!));
            return;
        }

        // As with JoinGroup, only the latest request of a member waits.
        AnswerSync(turn, member!, ErrorCode.RebalanceInProgress);
        member!.Sync = new Waiting<SyncGroupResponse>(reply, origin.ApiVersion);
        if (group.LeaderId == member.Id)
        {
            StoreAssignments(turn, group, request);
        }
    }

    private static ErrorCode CheckSync(RequestOrigin origin, SyncGroupRequest request, ClassicGroup group)
    {
        if (origin.ApiVersion >= 5 && (request.ProtocolType is null || request.ProtocolName is null))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        if (request.GenerationId != group.Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (Differ(request.ProtocolType, group.ProtocolType) || Differ(request.ProtocolName, group.ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return group.State == ClassicGroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;

        static bool Differ(string? said, string? agreed) => said is not null && agreed is not null && said != agreed;
    }

    private static void MarkSynced(ClassicGroup group, ClassicMember member)
    {
        group.MarkSynced(member);
        if (group.HaveAllSynced)
        {
            group.SyncDeadline.Clear();
        }
    }

    /// <summary>
    /// Stores what the leader assigned. Nobody is told before that is in the log: a coordinator that starts anew must know
    /// of every assignment that a member acts on.
    /// </summary>
    private void StoreAssignments(Turn turn, ClassicGroup group, SyncGroupRequest request)
    {
        var assignments = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var assignment in request.Assignments)
        {
            assignments[assignment.MemberId] = assignment.Assignment;
        }

        turn.WriteApplied(group.ToRecord(assignments));
        turn.OnAppended(done =>
        {
            group.TransitionTo(ClassicGroupState.Stable, done.NowMs);
            foreach (var member in group.Members)
            {
                // The leader may leave a member out: it has no partitions then.
                member.Assignment = assignments.GetValueOrDefault(member.Id);
                if (AnswerSync(done, member, static (member, group) => group.SyncedAnswer(member), group))
                {
                    RestartSession(done, member);
                }
            }
        });
        turn.OnRefused((refusal, error) =>
        {
            ResetAssignments(refusal, group, error);
            PrepareRebalance(refusal, group);
        });
    }
}
