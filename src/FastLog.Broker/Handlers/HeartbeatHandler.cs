using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>Heartbeat: a classic group's member lives, and learns of a rebalance.</summary>
internal sealed class HeartbeatHandler(GroupCoordinator groups)
    : GroupRequestHandler<HeartbeatRequest, HeartbeatResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.Heartbeat;

    protected override string GroupOf(HeartbeatRequest request) => request.GroupId;

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, HeartbeatRequest request, Action<HeartbeatResponse> reply) =>
        shard.Heartbeat(turn, origin, request, reply);

    protected override HeartbeatResponse Fail(HeartbeatRequest request, ErrorCode error) =>
        // A coordinator that is still loading has lost nobody: members are not to stop consuming over it (as in Kafka).
        new() { ErrorCode = error == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : error };
}
