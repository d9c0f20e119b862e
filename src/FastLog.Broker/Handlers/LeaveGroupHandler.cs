using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>LeaveGroup: members leave a classic group at once, instead of when their sessions end.</summary>
internal sealed class LeaveGroupHandler(GroupCoordinator groups)
    : GroupRequestHandler<LeaveGroupRequest, LeaveGroupResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.LeaveGroup;

    protected override string GroupOf(LeaveGroupRequest request) => request.GroupId;

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, LeaveGroupRequest request, Action<LeaveGroupResponse> reply) =>
        shard.LeaveGroup(turn, origin, request, reply);

    protected override LeaveGroupResponse Fail(LeaveGroupRequest request, ErrorCode error) => new() { ErrorCode = error };
}
