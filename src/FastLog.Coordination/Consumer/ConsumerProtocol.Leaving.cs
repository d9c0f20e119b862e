using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>A heartbeat of one who leaves, for good or for a while.</summary>
public sealed partial class ConsumerProtocol
{
    private Refusal? Leave(
        Turn turn, ConsumerGroupHeartbeatRequest request, Action<ConsumerGroupHeartbeatResponse> reply)
    {
        if (FindGroup(request.GroupId) is not { } group)
        {
            return Open(turn, request.GroupId, mayCreate: false, out _);
        }

        var known = request.InstanceId is { } instanceId
            ? group.State.FindStatic(instanceId)
            : group.State.Find(request.MemberId);
        if (known is null)
        {
            return request.InstanceId is { } unknown
                ? Refusal.UnknownInstance(unknown)
                : Refusal.UnknownMember(request.MemberId, request.GroupId);
        }

        if (known.Id != request.MemberId)
        {
            return Refusal.FencedInstance(request.MemberId, request.InstanceId!, known.Id);
        }

        if (request.MemberEpoch == ConsumerMember.AwayEpoch)
        {
            // It has given up everything, but is to get it all back if it returns before its session ends.
            var away = known.Current with
            {
                MemberEpoch = ConsumerMember.AwayEpoch,
                State = MemberState.Stable,
                PendingRevocation = Assignors.TopicPartitionSet.Empty,
            };
            turn.Write(ConsumerRecords.Current(group.Id, known.Id, away));
            group.SessionOf(known.Id).AwaitNothing();
        }
        else
        {
            Remove(turn, group, [known.Id]);
        }

        turn.Answer(reply, new ConsumerGroupHeartbeatResponse
        {
            MemberId = request.MemberId,
            MemberEpoch = request.MemberEpoch,
        });
        return null;
    }
}
