using FastLog.Broker.Groups;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>OffsetDelete: committed offsets of topics that the group does not subscribe to (KIP-496).</summary>
internal sealed class OffsetDeleteHandler(GroupCoordinator groups)
    : GroupRequestHandler<OffsetDeleteRequest, OffsetDeleteResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.OffsetDelete;

    protected override string GroupOf(OffsetDeleteRequest request) => request.GroupId;

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, OffsetDeleteRequest request, Action<OffsetDeleteResponse> reply) =>
        shard.OffsetDelete(turn, request, reply);

    protected override OffsetDeleteResponse Fail(OffsetDeleteRequest request, ErrorCode error) => new() { ErrorCode = error };
}
