using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>SyncGroup: answered when the leader's assignment is on disk.</summary>
internal sealed class SyncGroupHandler(GroupCoordinator groups)
    : GroupRequestHandler<SyncGroupRequest, SyncGroupResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.SyncGroup;

    protected override string GroupOf(SyncGroupRequest request) => request.GroupId;

    protected override void Keep(SyncGroupRequest request)
    {
        foreach (var assignment in request.Assignments)
        {
            assignment.Assignment = assignment.Assignment.ToArray();
        }
    }

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, SyncGroupRequest request, Action<SyncGroupResponse> reply) =>
        shard.SyncGroup(turn, origin, request, reply);

    protected override SyncGroupResponse Fail(SyncGroupRequest request, ErrorCode error) => new() { ErrorCode = error };
}
