#pragma warning disable
using FastLog.Protocol;
using FastLog.Protocol.Messages;
namespace FastLog.Coordination;

public sealed class ConsumerProtocol(GroupContext c, ClassicProtocol p)
{
    public void ClassicJoin(Turn t, ConsumerGroup g, RequestOrigin o, JoinGroupRequest r, Action<JoinGroupResponse> a) { }
    public void ClassicSync(Turn t, ConsumerGroup g, RequestOrigin o, SyncGroupRequest r, Action<SyncGroupResponse> a) { }
    public void ClassicHeartbeat(Turn t, ConsumerGroup g, RequestOrigin o, HeartbeatRequest r, Action<HeartbeatResponse> a) { }
    public void ClassicLeave(Turn t, ConsumerGroup g, RequestOrigin o, LeaveGroupRequest r, Action<LeaveGroupResponse> a) { }
    public void Heartbeat(Turn t, RequestOrigin o, ConsumerGroupHeartbeatRequest r, Action<ConsumerGroupHeartbeatResponse> a) { }
    public void Replay(CoordinatorRecord r) { }
}
public abstract class G0(string id) : Group(id)
{
    public override string StateName => "Empty"; public override string ProtocolType => ""; public override bool IsEmpty => true;
    public override ErrorCode CheckOffsetCommit(Turn turn, in OffsetCommitter who) => 0;
    public override ErrorCode CheckOffsetFetch(string? memberId, int memberEpoch) => 0;
    public override ErrorCode CheckOffsetDelete() => 0;
    public override bool IsSubscribedTo(string topic) => false;
    public override long? OffsetExpiresFromMs(string topic, long commitTimestampMs) => commitTimestampMs;
    public override void WriteTombstones(Turn turn) { }
    public override void OnLoaded(Turn turn) { }
    public override void OnUnloaded(Turn turn, ErrorCode error) { }
}
public sealed class ConsumerGroup(string id) : G0(id) { public override GroupType Type => GroupType.Consumer; public void Describe(Turn t, ConsumerGroupDescribeResponse.DescribedGroup d) { } }
