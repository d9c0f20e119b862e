using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>JoinGroup: answered when the rebalance that it is part of has a generation.</summary>
internal sealed class JoinGroupHandler(GroupCoordinator groups)
    : GroupRequestHandler<JoinGroupRequest, JoinGroupResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.JoinGroup;

    protected override string GroupOf(JoinGroupRequest request) => request.GroupId;

    protected override void Keep(JoinGroupRequest request)
    {
        foreach (var protocol in request.Protocols)
        {
            protocol.Metadata = protocol.Metadata.ToArray();
        }
    }

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, JoinGroupRequest request, Action<JoinGroupResponse> reply) =>
        shard.JoinGroup(turn, origin, request, reply);

    protected override JoinGroupResponse Fail(JoinGroupRequest request, ErrorCode error) => new()
    {
        ErrorCode = error,
        MemberId = request.MemberId,
        // Versions before 7 know no null here.
        ProtocolName = "",
    };
}
