using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class SessionTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void Heartbeats_keep_a_member_in_the_group()
    {
        var ids = _shard.StableGroup(2);
        _shard.Pass(SessionMs - 1);
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(ids[0], 1)));
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(ids[1], 1)));
        _shard.Pass(SessionMs - 1);
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(ids[0], 1)));
        _shard.Pass(1);
        Assert.Equal(ids[0], Assert.Single(_shard.Group.Members).Id);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat(ids[1], 1)));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat(ids[0], 1)));
    }

    [Fact]
    public void Every_wrong_claim_has_its_error()
    {
        var ids = _shard.StableGroup(1);
        Assert.Equal(ErrorCode.IllegalGeneration, _shard.Heartbeat(Heartbeat(ids[0], 2)));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat("nobody", 1)));
        var request = Heartbeat(ids[0], 1);
        request.GroupId = "other";
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(request));
        request.GroupId = "";
        Assert.Equal(ErrorCode.InvalidGroupId, _shard.Heartbeat(request, 0));
    }

    [Fact]
    public void A_heartbeat_counts_before_the_assignments_and_in_a_rebalance()
    {
        var ids = _shard.MeetWith(SessionMs, 2);
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(ids[0], 1)));
        _shard.Assign(ids);
        _shard.Join(Join(ids[0]));
        for (var i = 0; i < 3; i++)
        {
            _shard.Pass(SessionMs - 1);
            Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat(ids[1], 1)));
        }

        Assert.Equal(2, _shard.Group.Members.Count);
    }

    [Fact]
    public void A_member_that_waits_to_join_outlives_its_session()
    {
        var ids = _shard.StableGroup(2);
        var join = _shard.Join(Join(ids[0]));
        for (var i = 0; i < 5; i++)
        {
            _shard.Pass(SessionMs - 1);
            _shard.Heartbeat(Heartbeat(ids[1], 1));
        }

        Assert.False(join.IsAnswered);
        _shard.Join(Join(ids[1]));
        Assert.Equal(2, join.Response.Members.Count);
    }

    [Fact]
    public void A_new_member_waits_five_minutes_at_most()
    {
        var ids = _shard.Meet(Join(rebalanceMs: 900_000));
        _shard.Assign(ids);
        var join = _shard.Join(Join(), 3);
        for (var waitedMs = 0; waitedMs < ClassicProtocol.NewMemberJoinTimeoutMs; waitedMs += 5_000)
        {
            Assert.False(join.IsAnswered);
            _shard.Heartbeat(Heartbeat(ids[0], 1));
            _shard.Pass(5_000);
        }

        Assert.Equal((ErrorCode.UnknownMemberId, ""), (join.Response.ErrorCode, join.Response.MemberId));
        Assert.Single(_shard.Group.Members);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Before_version_3_one_member_leaves(short version)
    {
        var ids = _shard.StableGroup(2);
        var response = _shard.Leave(new LeaveGroupRequest { GroupId = "g", MemberId = ids[1] }, version);
        Assert.Equal((ErrorCode.None, 0), (response.ErrorCode, response.Members.Count));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Leave(new LeaveGroupRequest { GroupId = "g", MemberId = ids[1] }, version).ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat(ids[0], 1)));
    }

    [Fact]
    public void Several_leave_with_an_error_each()
    {
        var ids = _shard.Meet(Join(), Join(), Join(instanceId: "i"), Join(instanceId: "j"));
        var i = _shard.Group.FindStaticMemberId("i")!;
        var promised = _shard.Join(Join()).Response.MemberId;
        var response = _shard.Leave(Leave(
            (ids[0], null), ("nobody", null), ("", "i"), (i, "i"), (i, "j"), ("", "k"), ("", null), (promised, null)));
        Assert.Equal(
            [
                ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None, ErrorCode.UnknownMemberId,
                ErrorCode.FencedInstanceId, ErrorCode.UnknownMemberId, ErrorCode.UnknownMemberId, ErrorCode.None,
            ],
            response.Members.Select(static member => member.ErrorCode));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal("i", response.Members[2].GroupInstanceId);
        Assert.Equal(2, _shard.Group.Members.Count);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
    }

    [Fact]
    public void When_nobody_leaves_there_is_no_rebalance()
    {
        _shard.StableGroup(2);
        Assert.Equal(ErrorCode.None, _shard.Leave(Leave()).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Leave(Leave(("nobody", null))).Members[0].ErrorCode);
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
    }

    [Fact]
    public void A_group_that_does_not_exist_has_no_members_to_leave()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Leave(Leave(("m", null))).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Leave(new LeaveGroupRequest { GroupId = "g" }, 1).ErrorCode);
        Assert.Equal(ErrorCode.InvalidGroupId, _shard.Leave(new LeaveGroupRequest()).ErrorCode);
    }

    [Fact]
    public void Who_leaves_while_it_waits_is_answered()
    {
        var ids = _shard.MeetWith(SessionMs, 3);
        var sync = _shard.Sync(Sync(ids[1], 1));
        _shard.Leave(Leave((ids[1], null)));
        Assert.Equal(ErrorCode.UnknownMemberId, sync.Response.ErrorCode);
        var join = _shard.Join(Join(ids[0]));
        _shard.Leave(Leave((ids[0], null)));
        Assert.Equal(ErrorCode.UnknownMemberId, join.Response.ErrorCode);
        Assert.Equal(ids[2], _shard.Group.LeaderId);
    }

    [Fact]
    public void Leaving_may_end_a_rebalance()
    {
        var ids = _shard.StableGroup(2);
        var join = _shard.Join(Join(ids[0]));
        _shard.Leave(Leave((ids[1], null)));
        Assert.Single(join.Response.Members);
    }

    [Fact]
    public void The_last_to_leave_leaves_an_empty_group()
    {
        var ids = _shard.StableGroup(2);
        _shard.Pass(5);
        _shard.Leave(Leave((ids[0], null), (ids[1], null)));
        Assert.Equal(ClassicGroupState.Empty, _shard.Group.State);
        var stored = _shard.Written[^1]!;
        Assert.Equal(
            ("consumer", 2, null, null, 0, _shard.NowMs),
            (stored.ProtocolType, stored.Generation, stored.Protocol, stored.Leader, stored.Members.Count,
                stored.CurrentStateTimestamp));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat(ids[0], 2)));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync(Sync(ids[0], 2)).Response.ErrorCode);
    }

    [Fact]
    public void The_last_leaves_even_when_that_cannot_be_stored()
    {
        var ids = _shard.StableGroup(1);
        _shard.LogError = ErrorCode.NotCoordinator;
        Assert.Equal(ErrorCode.None, _shard.Leave(Leave((ids[0], null))).Members[0].ErrorCode);
        Assert.Equal(ClassicGroupState.Empty, _shard.Group.State);
        _shard.LogError = ErrorCode.None;
        _shard.StableGroup(1);
        Assert.Equal(3, _shard.Group.Generation);
    }
}
