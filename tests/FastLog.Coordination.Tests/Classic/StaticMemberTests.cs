using FastLog.Protocol;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class StaticMemberTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void A_static_member_joins_at_once_and_its_id_begins_with_its_name()
    {
        var join = _shard.Join(Join(instanceId: "i"));
        _shard.Pass(3_000);
        Assert.StartsWith("i-", join.Response.MemberId, StringComparison.Ordinal);
        Assert.Equal("i", Assert.Single(join.Response.Members).GroupInstanceId);
    }

    [Theory]
    [InlineData(9, true, 1)]
    [InlineData(8, false, 0)]
    public void A_restarted_leader_goes_on_without_a_rebalance(short version, bool skips, int membersCount)
    {
        var old = StableStatic();
        var join = _shard.Join(Join(instanceId: "i"), version).Response;
        Assert.Equal((ErrorCode.None, 1, skips), (join.ErrorCode, join.GenerationId, join.SkipAssignment));
        Assert.Equal(membersCount, join.Members.Count);
        Assert.NotEqual(old, join.MemberId);

        // A client that cannot skip assigning must not take itself for the leader.
        Assert.Equal(skips ? join.MemberId : old, join.Leader);
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
        Assert.Equal(join.MemberId, _shard.Group.LeaderId);
        Assert.Equal(join.MemberId, Assert.Single(_shard.Written[^1]!.Members).MemberId);
        var sync = _shard.Sync(Sync(join.MemberId, 1, "i"));
        Assert.Equal("for " + old, ClassicShard.Text(sync.Response.Assignment));
    }

    [Fact]
    public void The_process_before_is_fenced()
    {
        var old = StableStatic();
        _shard.Join(Join(instanceId: "i"));
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Heartbeat(Heartbeat(old, 1, "i")));
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Join(Join(old, "i")).Response.ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Sync(Sync(old, 1, "i")).Response.ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Leave(Leave((old, "i"))).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat(old, 1)));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat(old, 1, "j")));
    }

    [Fact]
    public void Other_topics_but_the_same_protocol_are_no_rebalance()
    {
        StableStatic();
        Assert.Equal(1, _shard.Join(Join(instanceId: "i", topics: ["u"])).Response.GenerationId);
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
    }

    [Fact]
    public void Another_protocol_is_a_rebalance()
    {
        StableStatic(["range", "sticky"]);
        var join = _shard.Join(Join(instanceId: "i", protocols: ["sticky", "range"])).Response;
        Assert.Equal((2, "sticky"), (join.GenerationId, join.ProtocolName));
    }

    [Fact]
    public void A_refused_record_leaves_the_old_process_in_place()
    {
        var old = StableStatic();
        _shard.LogError = ErrorCode.NotCoordinator;
        var refused = _shard.Join(Join(instanceId: "i", topics: ["u"])).Response;
        Assert.Equal((ErrorCode.NotCoordinator, ""), (refused.ErrorCode, refused.MemberId));
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(old, 1, "i")));
        Assert.Equal(old, _shard.Group.LeaderId);
        Assert.True(_shard.Group.Members.Single().MetadataFor("range").Span.SequenceEqual(Subscription("t")));
    }

    [Fact]
    public void A_restart_while_the_leader_assigns_is_a_rebalance()
    {
        var ids = _shard.Meet(Join(instanceId: "i"), Join(instanceId: "j"));
        var waiting = _shard.Sync(Sync(ids[1], 1, "j"));
        var join = _shard.Join(Join(instanceId: "j"));
        Assert.Equal(ErrorCode.FencedInstanceId, waiting.Response.ErrorCode);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
        _shard.Join(Join(ids[0], "i"));
        Assert.Equal(2, join.Response.GenerationId);
    }

    [Fact]
    public void A_restart_while_a_rebalance_is_prepared_fences_who_waits()
    {
        var ids = _shard.Meet(Join(instanceId: "i"), Join(instanceId: "j"));
        _shard.Assign(ids);
        var before = _shard.Join(Join(ids[0], "i"));
        var after = _shard.Join(Join(instanceId: "i"));
        Assert.Equal(ErrorCode.FencedInstanceId, before.Response.ErrorCode);
        Assert.Equal(ids[0], before.Response.MemberId);
        _shard.Join(Join(ids[1], "j"));
        Assert.Equal(ErrorCode.None, after.Response.ErrorCode);
    }

    [Fact]
    public void A_rebalance_goes_on_without_a_static_member_but_keeps_it()
    {
        var ids = _shard.Meet(Join(instanceId: "i", rebalanceMs: 6_000), Join(instanceId: "j", rebalanceMs: 6_000));
        _shard.Assign(ids);
        var join = _shard.Join(Join(ids[1], "j", rebalanceMs: 6_000));
        var toldAgain = _shard.Join(Join(ids[1], "j", topics: ["u"], rebalanceMs: 6_000));
        Assert.Equal(ErrorCode.None, join.Response.ErrorCode);
        _shard.Pass(6_000);

        // The one that came back leads now.
        Assert.Equal(2, toldAgain.Response.GenerationId);
        Assert.Equal(ids[1], toldAgain.Response.Leader);
        Assert.Equal(2, toldAgain.Response.Members.Count);
    }

    [Fact]
    public void When_no_static_member_rejoins_the_rebalance_waits_for_their_sessions()
    {
        var ids = _shard.Meet(
            Join(instanceId: "i", sessionMs: 20_000, rebalanceMs: 6_000), Join(instanceId: "j", rebalanceMs: 6_000));
        _shard.Assign(ids);
        _shard.Leave(Leave((ids[1], "j")));
        _shard.Pass(19_999);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
        Assert.Equal(1, _shard.Group.Generation);
        _shard.Pass(1);
        Assert.Equal(ClassicGroupState.Empty, _shard.Group.State);
        Assert.Equal(2, _shard.Group.Generation);
    }

    private string StableStatic(string[]? protocols = null)
    {
        var ids = _shard.Meet(Join(instanceId: "i", protocols: protocols));
        _shard.Assign(ids);
        return ids[0];
    }
}
