using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Classic;

/// <summary>Requests with what does not matter to most tests filled in, and groups to begin with.</summary>
internal static class ClassicRequests
{
    public const int SessionMs = 10_000;

    public const int RebalanceMs = 60_000;

    public static JoinGroupRequest Join(
        string memberId = "",
        string? instanceId = null,
        int sessionMs = SessionMs,
        int rebalanceMs = RebalanceMs,
        string type = "consumer",
        string[]? topics = null,
        string[]? protocols = null,
        string groupId = ClassicShard.GroupId)
    {
        var request = new JoinGroupRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            GroupInstanceId = instanceId,
            SessionTimeoutMs = sessionMs,
            RebalanceTimeoutMs = rebalanceMs,
            ProtocolType = type,
        };
        foreach (var name in protocols ?? ["range"])
        {
            var protocol = request.Protocols.Add();
            protocol.Name = name;
            protocol.Metadata = Subscription(topics ?? ["t"]);
        }

        return request;
    }

    public static SyncGroupRequest Sync(
        string memberId, int generation, string? instanceId = null, params (string MemberId, string Assignment)[] assignments)
    {
        var request = new SyncGroupRequest
        {
            GroupId = ClassicShard.GroupId,
            MemberId = memberId,
            GroupInstanceId = instanceId,
            GenerationId = generation,
            ProtocolType = "consumer",
            ProtocolName = "range",
        };
        foreach (var (id, bytes) in assignments)
        {
            var assignment = request.Assignments.Add();
            assignment.MemberId = id;
            assignment.Assignment = ClassicShard.Bytes(bytes);
        }

        return request;
    }

    public static HeartbeatRequest Heartbeat(string memberId, int generation, string? instanceId = null) => new()
    {
        GroupId = ClassicShard.GroupId,
        MemberId = memberId,
        GroupInstanceId = instanceId,
        GenerationId = generation,
    };

    public static LeaveGroupRequest Leave(params (string MemberId, string? InstanceId)[] members)
    {
        var request = new LeaveGroupRequest { GroupId = ClassicShard.GroupId };
        foreach (var (memberId, instanceId) in members)
        {
            var member = request.Members.Add();
            member.MemberId = memberId;
            member.GroupInstanceId = instanceId;
        }

        return request;
    }

    public static byte[] Subscription(params string[] topics)
    {
        var subscription = new ConsumerProtocolSubscription();
        subscription.Topics.AddRange(topics);
        return VersionPrefixed.ToArray(subscription, 1);
    }

    public static byte[] Assignment(string topic, params int[] partitions)
    {
        var assignment = new ConsumerProtocolAssignment();
        var assigned = assignment.AssignedPartitions.Add();
        assigned.Topic = topic;
        assigned.Partitions.AddRange(partitions);
        return VersionPrefixed.ToArray(assignment, 1);
    }

    /// <summary>Lets members without ids join an empty group; returns their ids, the leader's first.</summary>
    public static string[] Meet(this ClassicShard shard, params JoinGroupRequest[] requests)
    {
        var joins = requests.Select(request => shard.Join(request, request.GroupInstanceId is null ? (short)3 : (short)9)).ToList();
        for (var waited = 0; !joins.TrueForAll(static join => join.IsAnswered); waited += 100)
        {
            Assert.InRange(waited, 0, RebalanceMs);
            shard.Pass(100);
        }

        var ids = joins.Select(static join =>
        {
            Assert.Equal(ErrorCode.None, join.Response.ErrorCode);
            return join.Response.MemberId;
        });
        return [.. ids.OrderBy(id => id == joins[0].Response.Leader ? 0 : 1)];
    }

    /// <summary>Hands in the leader's assignments, "for" and the id to each, and has the others ask for them.</summary>
    public static void Assign(this ClassicShard shard, params string[] ids)
    {
        var followers = ids.Skip(1).Select(id => shard.Sync(Sync(id, shard.Group.Generation))).ToList();
        var assignments = ids.Select(static id => (id, "for " + id)).ToArray();
        var leader = shard.Sync(Sync(ids[0], shard.Group.Generation, null, assignments));
        Assert.Equal("for " + ids[0], ClassicShard.Text(leader.Response.Assignment));
        Assert.All(followers, static follower => Assert.Equal(ErrorCode.None, follower.Response.ErrorCode));
        Assert.Equal(ClassicGroupState.Stable, shard.Group.State);
    }

    /// <summary>So many dynamic members that are to ask for their assignments, the leader first.</summary>
    public static string[] MeetWith(this ClassicShard shard, int sessionMs, int count) =>
        shard.Meet([.. Enumerable.Range(0, count).Select(_ => Join(sessionMs: sessionMs))]);

    /// <summary>A stable group of so many dynamic members, the leader first.</summary>
    public static string[] StableGroup(this ClassicShard shard, int count)
    {
        var ids = shard.MeetWith(SessionMs, count);
        shard.Assign(ids);
        return ids;
    }
}
