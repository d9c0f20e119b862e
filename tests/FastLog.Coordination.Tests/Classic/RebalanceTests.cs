using FastLog.Protocol;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class RebalanceTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void Members_that_do_not_rejoin_in_time_are_dropped()
    {
        var ids = _shard.Meet(Join(rebalanceMs: 7_000), Join(rebalanceMs: 9_000));
        _shard.Assign(ids);
        var join = _shard.Join(Join(ids[0], rebalanceMs: 7_000));
        _shard.Pass(8_999);
        Assert.False(join.IsAnswered);
        _shard.Pass(1);
        Assert.Equal(ids[0], Assert.Single(join.Response.Members).MemberId);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join(ids[1])).Response.ErrorCode);
    }

    [Fact]
    public void Another_member_leads_when_the_leader_does_not_rejoin()
    {
        var ids = _shard.Meet(Join(rebalanceMs: 7_000), Join(rebalanceMs: 7_000));
        _shard.Assign(ids);
        var join = _shard.Join(Join(ids[1], topics: ["u"], rebalanceMs: 7_000));
        _shard.Pass(7_000);
        Assert.Equal(ids[1], join.Response.Leader);
        Assert.Equal(ids[1], Assert.Single(join.Response.Members).MemberId);
    }

    [Fact]
    public void The_leader_stays_the_leader()
    {
        var ids = _shard.StableGroup(3);
        var joins = ids.Reverse().Select(id => _shard.Join(Join(id, topics: ["u"]))).ToList();
        Assert.All(joins, join => Assert.Equal(ids[0], join.Response.Leader));
    }

    [Fact]
    public void A_new_member_ends_when_all_others_have_rejoined()
    {
        var ids = _shard.StableGroup(2);
        var promised = _shard.Join(Join()).Response.MemberId;
        var fresh = _shard.Join(Join(promised));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat(ids[0], 1)));
        _shard.Join(Join(ids[0]));
        Assert.False(fresh.IsAnswered);
        _shard.Join(Join(ids[1]));
        Assert.Equal((2, promised), (fresh.Response.GenerationId, fresh.Response.MemberId));
        Assert.Equal(3, _shard.Group.Members.Count);
    }

    [Theory]
    [InlineData("a", "a,b", "b,a", "a")]
    [InlineData("b", "a,b", "b,a", "b,a")]
    [InlineData("c", "a,c", "b,c", "c")]
    [InlineData("b", "b,a", "a,b", "b,a")]
    [InlineData("a", "x,a,b", "y,a,b", "z,b,a")]
    [InlineData("b", "x,a,b", "y,b,a", "z,b,a")]
    public void Each_votes_for_its_first_protocol_that_all_support(string expected, params string[] members)
    {
        _shard.Meet([.. members.Select(static names => Join(protocols: names.Split(',')))]);
        Assert.Equal(expected, _shard.Group.ProtocolName);
    }

    [Fact]
    public void A_protocol_named_twice_counts_once()
    {
        _shard.Meet(Join(protocols: ["a", "a", "b"]), Join(protocols: ["b", "a"]), Join(protocols: ["b"]));
        Assert.Equal("b", _shard.Group.ProtocolName);
    }

    [Fact]
    public void The_group_may_get_a_new_type_once_it_is_empty()
    {
        var ids = _shard.StableGroup(1);
        _shard.Leave(Leave((ids[0], null)));
        _shard.Meet(Join(type: "connect", protocols: ["eager"]));
        Assert.Equal(("connect", "eager"), (_shard.Group.ProtocolType, _shard.Group.ProtocolName));
    }

    [Fact]
    public void When_all_leave_a_first_rebalance_it_ends_empty()
    {
        var join = _shard.Join(Join(), 3);
        var id = _shard.Group.LeaderId!;
        _shard.Leave(Leave((id, null)));
        Assert.Equal(ErrorCode.UnknownMemberId, join.Response.ErrorCode);
        _shard.Pass(3_000);
        Assert.Equal((ClassicGroupState.Empty, 1), (_shard.Group.State, _shard.Group.Generation));
    }

    [Fact]
    public void A_delay_of_zero_is_allowed()
    {
        var shard = new ClassicShard(new GroupCoordinatorOptions { InitialRebalanceDelayMs = 0 });
        var join = shard.Join(Join(), 3);
        shard.Pass(0);
        Assert.Equal(1, join.Response.GenerationId);
    }

    [Fact]
    public void Who_waits_is_told_when_the_group_is_given_away()
    {
        var ids = _shard.MeetWith(SessionMs, 2);
        var sync = _shard.Sync(Sync(ids[1], 1));
        _shard.Move();
        Assert.Equal(ErrorCode.NotCoordinator, sync.Response.ErrorCode);

        var join = _shard.Join(Join(), 3);
        _shard.Move();
        Assert.Equal((ErrorCode.NotCoordinator, ""), (join.Response.ErrorCode, join.Response.Leader));
        _shard.Pass(RebalanceMs);
    }
}
