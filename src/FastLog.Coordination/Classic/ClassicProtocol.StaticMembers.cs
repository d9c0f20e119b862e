using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>
/// JoinGroup of a static member that is known by its name but has lost its member id: the process was restarted, and goes
/// on with the assignment of the one before, without a rebalance where that is possible (KIP-345).
/// </summary>
public sealed partial class ClassicProtocol
{
    private void TakeStaticPlace(ClassicGroup group, Joining join, ClassicMember old, string newMemberId)
    {
        var before = old.ToData();
        var member = ReplaceStatic(join.Turn, group, old, newMemberId);
        group.Update(member, join.Protocols, join.Request.RebalanceTimeoutMs, join.Request.SessionTimeoutMs);
        RestartSession(join.Turn, member);
        if (group.State == ClassicGroupState.Stable && group.ElectProtocol() == group.ProtocolName)
        {
            GoOnWithoutRebalance(group, join, member, before);
            return;
        }

        group.ParkJoin(member, join.ToWaiting());

        // While the leader assigns there must be a rebalance: it knows the old member id only, and would leave the new one
        // without partitions.
        RebalanceOrCompleteJoin(join.Turn, group);
    }

    private static void GoOnWithoutRebalance(
        ClassicGroup group, Joining join, ClassicMember member, ClassicMemberData before)
    {
        var turn = join.Turn;
        var response = group.JoinedAnswer(member);
        if (join.Origin.ApiVersion >= 9)
        {
            response.SkipAssignment = group.LeaderId == member.Id;
        }
        else
        {
            // An old client cannot be told to leave the assignments as they are (KIP-814). As it does not see that it is
            // the leader, it makes none.
            response.Members.Clear();
            response.Leader = group.LeaderId == member.Id ? before.Id : response.Leader;
        }

        turn.WriteApplied(group.ToRecord());
        turn.Answer(join.Reply, ForVersion(response, join.Origin.ApiVersion));
        turn.OnRefused((refusal, _) =>
        {
            var restored = ReplaceStatic(refusal, group, member, before.Id);
            group.Update(restored, before.Protocols, before.RebalanceTimeoutMs, before.SessionTimeoutMs);
            RestartSession(refusal, restored);
        });
    }

    /// <summary>The member of the old id is fenced at once, should it wait for an answer still.</summary>
    private static ClassicMember ReplaceStatic(Turn turn, ClassicGroup group, ClassicMember old, string newMemberId)
    {
        AnswerJoin(turn, group, old, ErrorCode.FencedInstanceId, old.Id);
        AnswerSync(turn, old, ErrorCode.FencedInstanceId);
        return group.ReplaceStatic(old, newMemberId);
    }
}
