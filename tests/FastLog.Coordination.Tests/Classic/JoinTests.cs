using FastLog.Protocol;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class JoinTests
{
    private readonly ClassicShard _shard = new();

    [Theory]
    [InlineData("", 10_000, ErrorCode.InvalidGroupId)]
    [InlineData("g", 5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData("g", 1_800_001, ErrorCode.InvalidSessionTimeout)]
    public void A_bad_request_is_refused_and_makes_no_group(string groupId, int sessionMs, ErrorCode expected)
    {
        var join = _shard.Join(Join("m", sessionMs: sessionMs, groupId: groupId));
        Assert.Equal(expected, join.Response.ErrorCode);
        Assert.Equal("m", join.Response.MemberId);
        Assert.Equal(-1, join.Response.GenerationId);
        Assert.Empty(_shard.Groups.All);
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(1_800_000)]
    public void The_bounds_of_the_session_timeout_are_allowed(int sessionMs) =>
        Assert.Equal(ErrorCode.MemberIdRequired, _shard.Join(Join(sessionMs: sessionMs)).Response.ErrorCode);

    [Theory]
    [InlineData("", 1)]
    [InlineData("consumer", 0)]
    public void A_member_needs_a_protocol_type_and_a_protocol(string type, int protocols)
    {
        var join = _shard.Join(Join(type: type, protocols: [.. Enumerable.Repeat("range", protocols)]));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, join.Response.ErrorCode);
        Assert.Empty(_shard.Groups.All);
    }

    [Fact]
    public void A_member_id_in_a_group_that_does_not_exist_is_unknown()
    {
        var join = _shard.Join(Join("nobody"), 2);
        Assert.Equal(ErrorCode.UnknownMemberId, join.Response.ErrorCode);
        Assert.Equal("nobody", join.Response.MemberId);
        Assert.Equal("", join.Response.ProtocolName);
        Assert.Empty(_shard.Groups.All);
    }

    [Fact]
    public void A_member_id_that_was_never_given_is_unknown()
    {
        _shard.StableGroup(1);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join("nobody")).Response.ErrorCode);
    }

    [Fact]
    public void From_version_4_on_a_member_joins_with_the_id_it_was_told()
    {
        var first = _shard.Join(Join(), 4).Response;
        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);
        Assert.StartsWith("client-", first.MemberId, StringComparison.Ordinal);
        Assert.Equal(ClassicGroupState.Empty, _shard.Group.State);

        var second = _shard.Join(Join(first.MemberId), 4);
        _shard.Pass(3_000);
        Assert.Equal(ErrorCode.None, second.Response.ErrorCode);
        Assert.Equal(first.MemberId, second.Response.MemberId);
        Assert.Equal(1, second.Response.GenerationId);
    }

    [Fact]
    public void Before_version_4_a_member_joins_at_once()
    {
        var join = _shard.Join(Join(), 3);
        _shard.Pass(2_999);
        Assert.False(join.IsAnswered);
        _shard.Pass(1);
        Assert.Equal(ErrorCode.None, join.Response.ErrorCode);
        Assert.Equal(join.Response.MemberId, join.Response.Leader);
        Assert.Equal("range", join.Response.ProtocolName);
        Assert.Single(join.Response.Members);
    }

    [Fact]
    public void A_promised_id_expires_with_the_session_timeout()
    {
        var id = _shard.Join(Join()).Response.MemberId;
        _shard.Pass(SessionMs);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join(id)).Response.ErrorCode);
    }

    [Fact]
    public void A_rebalance_waits_for_a_promised_member_until_its_id_expires()
    {
        var ids = _shard.StableGroup(1);
        var promised = _shard.Join(Join()).Response.MemberId;
        var leader = _shard.Join(Join(ids[0]));
        _shard.Pass(SessionMs - 1);
        Assert.False(leader.IsAnswered);
        _shard.Pass(1);
        Assert.Single(leader.Response.Members);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join(promised)).Response.ErrorCode);
    }

    [Fact]
    public void A_static_member_cannot_use_a_promised_id()
    {
        var id = _shard.Join(Join()).Response.MemberId;
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join(id, "i")).Response.ErrorCode);
    }

    [Fact]
    public void Members_of_another_type_or_without_a_common_protocol_are_inconsistent()
    {
        _shard.Meet(Join(protocols: ["range", "sticky"]), Join(protocols: ["sticky", "range"]));
        Assert.Equal(
            ErrorCode.InconsistentGroupProtocol, _shard.Join(Join(type: "connect")).Response.ErrorCode);
        Assert.Equal(
            ErrorCode.InconsistentGroupProtocol, _shard.Join(Join(protocols: ["roundrobin"])).Response.ErrorCode);
        Assert.Equal(
            ErrorCode.MemberIdRequired, _shard.Join(Join(protocols: ["roundrobin", "sticky"])).Response.ErrorCode);
    }

    [Fact]
    public void The_first_rebalance_waits_longer_while_members_come()
    {
        var first = _shard.Join(Join(), 3);
        _shard.Pass(2_000);
        var second = _shard.Join(Join(), 3);
        _shard.Pass(3_999);
        Assert.False(first.IsAnswered);
        _shard.Pass(1);
        Assert.Equal(2, first.Response.Members.Count);
        Assert.Empty(second.Response.Members);
        Assert.Equal(first.Response.MemberId, second.Response.Leader);
    }

    [Fact]
    public void The_first_rebalance_waits_no_longer_than_its_timeout()
    {
        var joins = new List<Asked<Protocol.Messages.JoinGroupResponse>>();
        for (var second = 0; second < 9; second++)
        {
            joins.Add(_shard.Join(Join(rebalanceMs: 8_000), 3));
            _shard.Pass(1_000);
            Assert.Equal(second >= 7, joins[0].IsAnswered);
        }

        // The last came in time for the second generation only.
        Assert.Equal(8, joins[0].Response.Members.Count);
    }

    [Fact]
    public void A_lost_answer_is_given_again()
    {
        var ids = _shard.Meet(Join(), Join());
        var leader = _shard.Join(Join(ids[0])).Response;
        var follower = _shard.Join(Join(ids[1])).Response;
        Assert.Equal((1, 2), (leader.GenerationId, leader.Members.Count));
        Assert.Equal((1, 0), (follower.GenerationId, follower.Members.Count));
        Assert.Equal(ClassicGroupState.CompletingRebalance, _shard.Group.State);
    }

    [Fact]
    public void Other_metadata_while_the_leader_assigns_is_a_rebalance()
    {
        var ids = _shard.Meet(Join(), Join());
        var sync = _shard.Sync(Sync(ids[1], 1));
        var join = _shard.Join(Join(ids[0], topics: ["u"]));
        Assert.False(join.IsAnswered);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
        Assert.Equal(ErrorCode.RebalanceInProgress, sync.Response.ErrorCode);
    }

    [Fact]
    public void A_followers_rejoin_changes_nothing_in_a_stable_group()
    {
        var ids = _shard.StableGroup(2);
        var join = _shard.Join(Join(ids[1])).Response;
        Assert.Equal((ErrorCode.None, 1, 0), (join.ErrorCode, join.GenerationId, join.Members.Count));
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
    }

    [Theory]
    [InlineData(0, "t")]
    [InlineData(1, "u")]
    public void The_leaders_rejoin_and_other_metadata_are_a_rebalance_of_a_stable_group(int member, string topic)
    {
        var ids = _shard.StableGroup(2);
        var join = _shard.Join(Join(ids[member], topics: [topic]));
        Assert.False(join.IsAnswered);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat(ids[1 - member], 1)));
        var other = _shard.Join(Join(ids[1 - member]));
        Assert.Equal((2, 2), (join.Response.GenerationId, other.Response.GenerationId));
    }

    [Fact]
    public void Of_two_requests_of_a_member_the_latest_waits()
    {
        var ids = _shard.StableGroup(2);
        var first = _shard.Join(Join(ids[0]));
        var again = _shard.Join(Join(ids[0]));
        Assert.Equal(ErrorCode.RebalanceInProgress, first.Response.ErrorCode);
        Assert.False(again.IsAnswered);
        _shard.Join(Join(ids[1]));
        Assert.Equal(ErrorCode.None, again.Response.ErrorCode);
    }

    [Fact]
    public void A_full_group_takes_no_more_members_but_its_own()
    {
        var shard = new ClassicShard(new GroupCoordinatorOptions { ClassicMembersMax = 2 });
        var ids = shard.StableGroup(2);
        var refused = shard.Join(Join()).Response;
        Assert.Equal((ErrorCode.GroupMaxSizeReached, ""), (refused.ErrorCode, refused.MemberId));
        var leader = shard.Join(Join(ids[0]));
        var follower = shard.Join(Join(ids[1]));
        Assert.Equal(ErrorCode.None, leader.Response.ErrorCode);
        Assert.Equal(ErrorCode.None, follower.Response.ErrorCode);
    }

    [Fact]
    public void While_a_rebalance_is_prepared_the_first_to_rejoin_fill_a_group()
    {
        var ids = _shard.StableGroup(3);
        _shard.Options = new GroupCoordinatorOptions { ClassicMembersMax = 2 };
        _shard.Restart();
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
        var first = _shard.Join(Join(ids[2]));
        var second = _shard.Join(Join(ids[1]));
        Assert.False(first.IsAnswered);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, _shard.Join(Join(ids[0])).Response.ErrorCode);

        // Nobody is left to wait for.
        Assert.Equal(ErrorCode.None, first.Response.ErrorCode);
        Assert.Equal(ErrorCode.None, second.Response.ErrorCode);
        Assert.Equal(2, _shard.Group.Members.Count);
    }

    [Fact]
    public void A_new_group_that_cannot_be_stored_does_not_exist()
    {
        _shard.LogError = ErrorCode.CoordinatorNotAvailable;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _shard.Join(Join()).Response.ErrorCode);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _shard.Join(Join(), 3).Response.ErrorCode);
        Assert.Empty(_shard.Groups.All);
        _shard.Pass(RebalanceMs);
    }
}
