using FastLog.Coordination.Consumer;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <content>Requests: each goes to the protocol that its group follows.</content>
public sealed partial class GroupShard
{
    private const short FirstVersionOfMissingGroups = 6;

    /// <summary>JoinGroup. A group that has no members becomes what it is joined as.</summary>
    public void JoinGroup(
        Turn turn, RequestOrigin origin, JoinGroupRequest request, Action<JoinGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_context.Groups.Find(request.GroupId) is ConsumerGroup { IsEmpty: false })
        {
            _consumer.ClassicJoin(turn, origin, request, reply);
        }
        else
        {
            _classic.Join(turn, origin, request, reply);
        }
    }

    /// <summary>SyncGroup.</summary>
    public void SyncGroup(
        Turn turn, RequestOrigin origin, SyncGroupRequest request, Action<SyncGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_context.Groups.Find(request.GroupId) is ConsumerGroup)
        {
            _consumer.ClassicSync(turn, request, reply);
        }
        else
        {
            _classic.Sync(turn, origin, request, reply);
        }
    }

    /// <summary>Heartbeat.</summary>
    public void Heartbeat(
        Turn turn, RequestOrigin origin, HeartbeatRequest request, Action<HeartbeatResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_context.Groups.Find(request.GroupId) is ConsumerGroup)
        {
            _consumer.ClassicHeartbeat(turn, request, reply);
        }
        else
        {
            _classic.Heartbeat(turn, origin, request, reply);
        }
    }

    /// <summary>LeaveGroup.</summary>
    public void LeaveGroup(
        Turn turn, RequestOrigin origin, LeaveGroupRequest request, Action<LeaveGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_context.Groups.Find(request.GroupId) is ConsumerGroup)
        {
            _consumer.ClassicLeave(turn, origin, request, reply);
        }
        else
        {
            _classic.Leave(turn, origin, request, reply);
        }
    }

    /// <summary>ConsumerGroupHeartbeat.</summary>
    public void ConsumerGroupHeartbeat(
        Turn turn,
        RequestOrigin origin,
        ConsumerGroupHeartbeatRequest request,
        Action<ConsumerGroupHeartbeatResponse> reply) => _consumer.Heartbeat(turn, origin, request, reply);

    /// <summary>OffsetCommit.</summary>
    public void OffsetCommit(
        Turn turn, RequestOrigin origin, OffsetCommitRequest request, Action<OffsetCommitResponse> reply) =>
        _offsetProtocol.Commit(turn, origin, request, reply);

    /// <summary>OffsetFetch, of one group.</summary>
    public void OffsetFetch(
        Turn turn,
        OffsetFetchRequest.OffsetFetchRequestGroup request,
        bool mustBeStable,
        Action<OffsetFetchResponse.OffsetFetchResponseGroup> reply) =>
        _offsetProtocol.Fetch(turn, request, mustBeStable, reply);

    /// <summary>OffsetDelete.</summary>
    public void OffsetDelete(Turn turn, OffsetDeleteRequest request, Action<OffsetDeleteResponse> reply) =>
        _offsetProtocol.Delete(turn, request, reply);

    /// <summary>DeleteGroups, of one group.</summary>
    public void DeleteGroup(Turn turn, string groupId, Action<DeleteGroupsResponse.DeletableGroupResult> reply) =>
        _offsetProtocol.DeleteGroup(turn, groupId, reply);

    /// <summary>Lets go what has expired of one group; to be repeated until the turn writes nothing.</summary>
    public void ExpireOffsets(Turn turn, string groupId) => _offsetProtocol.Expire(turn, groupId);

    /// <summary>Lets go one group's offsets of deleted topics; to be repeated until the turn writes nothing.</summary>
    public void DeleteTopics(Turn turn, string groupId, IReadOnlySet<string> topics) =>
        _offsetProtocol.DeleteTopics(turn, groupId, topics);

    /// <summary>ListGroups: all groups of the shard.</summary>
    public void ListGroups(Turn turn, Action<GroupListing> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        turn.Answer(reply, new GroupListing
        {
            Groups =
            [
                .. _context.Groups.All.Select(group =>
                    new ListedGroup(group.Id, group.ProtocolType, group.StateName, group.Type)),
            ],
        });
    }

    /// <summary>DescribeGroups, of one group; GROUP_ID_NOT_FOUND from version 6, before it a group that is dead.</summary>
    public void DescribeGroup(
        Turn turn, short version, string groupId, Action<DescribeGroupsResponse.DescribedGroup> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var described = new DescribeGroupsResponse.DescribedGroup { GroupId = groupId };
        if (_context.Groups.Find(groupId) is ClassicGroup group)
        {
            group.Describe(described);
        }
        else
        {
            described.GroupState = "Dead";
            if (version >= FirstVersionOfMissingGroups)
            {
                described.ErrorCode = ErrorCode.GroupIdNotFound;
                described.ErrorMessage = _context.Groups.Find(groupId) is null
                    ? $"Group {groupId} not found."
                    : $"Group {groupId} is not a classic group.";
            }
        }

        turn.Answer(reply, described);
    }

    /// <summary>ConsumerGroupDescribe, of one group; GROUP_ID_NOT_FOUND for one that is no consumer group.</summary>
    public void DescribeConsumerGroup(
        Turn turn, string groupId, Action<ConsumerGroupDescribeResponse.DescribedGroup> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var described = new ConsumerGroupDescribeResponse.DescribedGroup { GroupId = groupId };
        if (_context.Groups.Find(groupId) is ConsumerGroup group)
        {
            group.Describe(described, turn.Topics);
        }
        else
        {
            ConsumerGroup.DescribeMissing(described, groupId, isOther: _context.Groups.Find(groupId) is not null);
        }

        turn.Answer(reply, described);
    }
}
