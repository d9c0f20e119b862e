using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>ConsumerGroupHeartbeat: all that a member of a consumer group does, but for its offsets (KIP-848).</summary>
internal sealed class ConsumerGroupHeartbeatHandler(GroupCoordinator groups)
    : GroupRequestHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.ConsumerGroupHeartbeat;

    protected override string GroupOf(ConsumerGroupHeartbeatRequest request) => request.GroupId;

    protected override void Decide(
        GroupShard shard,
        Turn turn,
        RequestOrigin origin,
        ConsumerGroupHeartbeatRequest request,
        Action<ConsumerGroupHeartbeatResponse> reply) => shard.ConsumerGroupHeartbeat(turn, origin, request, reply);

    protected override ConsumerGroupHeartbeatResponse Fail(ConsumerGroupHeartbeatRequest request, ErrorCode error) =>
        new() { ErrorCode = error, ErrorMessage = error.Message() };
}
