using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>OffsetCommit: answered when the offsets are on disk.</summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups)
    : GroupRequestHandler<OffsetCommitRequest, OffsetCommitResponse>(groups)
{
    public override ApiKey ApiKey => ApiKey.OffsetCommit;

    // A commit never waits in its group: only its answer waits, which holds nothing of the request but strings.
    protected override OffsetCommitRequest Rent(in RequestContext context) => context.State.OffsetCommit;

    protected override string GroupOf(OffsetCommitRequest request) => request.GroupId;

    protected override void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, OffsetCommitRequest request, Action<OffsetCommitResponse> reply) =>
        shard.OffsetCommit(turn, origin, request, reply);

    protected override OffsetCommitResponse Fail(OffsetCommitRequest request, ErrorCode error) =>
        GroupErrors.Respond(request, error);
}
