using FastLog.Protocol;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class SyncTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void Followers_wait_for_the_leaders_assignments()
    {
        var ids = _shard.Meet(Join(), Join(), Join());
        var second = _shard.Sync(Sync(ids[1], 1, null, (ids[1], "what followers say does not count")));
        Assert.False(second.IsAnswered);
        var leader = _shard.Sync(Sync(ids[0], 1, null, (ids[0], "a"), (ids[1], "b")));
        var third = _shard.Sync(Sync(ids[2], 1));
        Assert.Equal("a", ClassicShard.Text(leader.Response.Assignment));
        Assert.Equal("b", ClassicShard.Text(second.Response.Assignment));
        Assert.Equal((ErrorCode.None, 0), (third.Response.ErrorCode, third.Response.Assignment.Length));
        Assert.Equal(("consumer", "range"), (leader.Response.ProtocolType, leader.Response.ProtocolName));
        Assert.Equal(["a", "b", ""], _shard.Written[^1]!.Members
            .OrderBy(member => Array.IndexOf(ids, member.MemberId))
            .Select(static member => ClassicShard.Text(member.Assignment)));
    }

    [Fact]
    public void Every_wrong_claim_has_its_error()
    {
        var ids = _shard.StableGroup(1);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync(Sync("nobody", 1)).Response.ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync(Sync(ids[0], 1, "nobody")).Response.ErrorCode);
        Assert.Equal(ErrorCode.IllegalGeneration, _shard.Sync(Sync(ids[0], 0)).Response.ErrorCode);
        var request = Sync(ids[0], 1);
        request.GroupId = "";
        Assert.Equal(ErrorCode.InvalidGroupId, _shard.Sync(request).Response.ErrorCode);
        request.GroupId = "other";
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync(request).Response.ErrorCode);
    }

    [Theory]
    [InlineData("consumer", "sticky", 5, ErrorCode.InconsistentGroupProtocol)]
    [InlineData("connect", "range", 5, ErrorCode.InconsistentGroupProtocol)]
    [InlineData(null, "range", 5, ErrorCode.InconsistentGroupProtocol)]
    [InlineData("consumer", null, 5, ErrorCode.InconsistentGroupProtocol)]
    [InlineData(null, null, 4, ErrorCode.None)]
    [InlineData("consumer", "range", 5, ErrorCode.None)]
    public void From_version_5_on_the_protocol_must_be_the_groups(
        string? type, string? name, short version, ErrorCode expected)
    {
        var ids = _shard.StableGroup(1);
        var request = Sync(ids[0], 1);
        (request.ProtocolType, request.ProtocolName) = (type, name);
        Assert.Equal(expected, _shard.Sync(request, version).Response.ErrorCode);
    }

    [Fact]
    public void While_a_rebalance_is_prepared_nobody_gets_an_assignment()
    {
        var ids = _shard.StableGroup(2);
        _shard.Join(Join(ids[0]));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Sync(Sync(ids[1], 1)).Response.ErrorCode);
    }

    [Fact]
    public void A_stable_group_tells_a_member_its_assignment_again()
    {
        var ids = _shard.StableGroup(2);
        Assert.Equal("for " + ids[1], ClassicShard.Text(_shard.Sync(Sync(ids[1], 1)).Response.Assignment));
    }

    [Fact]
    public void Of_two_requests_of_a_member_the_latest_waits()
    {
        var ids = _shard.Meet(Join(), Join());
        var first = _shard.Sync(Sync(ids[1], 1));
        var again = _shard.Sync(Sync(ids[1], 1));
        Assert.Equal(ErrorCode.RebalanceInProgress, first.Response.ErrorCode);
        Assert.False(again.IsAnswered);
        _shard.Sync(Sync(ids[0], 1));
        Assert.Equal(ErrorCode.None, again.Response.ErrorCode);
    }

    [Fact]
    public void When_the_assignments_cannot_be_stored_all_hear_of_it_and_rejoin()
    {
        var ids = _shard.Meet(Join(), Join());
        var follower = _shard.Sync(Sync(ids[1], 1));
        _shard.LogError = ErrorCode.CoordinatorNotAvailable;
        var leader = _shard.Sync(Sync(ids[0], 1, null, (ids[0], "a"), (ids[1], "b")));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, leader.Response.ErrorCode);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, follower.Response.ErrorCode);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
        Assert.All(_shard.Group.Members, static member => Assert.True(member.Assignment.IsEmpty));
        _shard.LogError = ErrorCode.None;
        _shard.Join(Join(ids[0]));
        Assert.Equal(2, _shard.Join(Join(ids[1])).Response.GenerationId);
    }

    [Fact]
    public void Members_that_do_not_ask_for_their_assignments_are_removed()
    {
        var ids = _shard.MeetWith(sessionMs: 300_000, count: 3);
        var waiting = _shard.Sync(Sync(ids[1], 1));
        _shard.Pass(RebalanceMs);
        Assert.Equal(ErrorCode.RebalanceInProgress, waiting.Response.ErrorCode);
        Assert.Equal(ids[1], Assert.Single(_shard.Group.Members).Id);
        Assert.Equal(ErrorCode.None, _shard.Join(Join(ids[1])).Response.ErrorCode);
    }

    [Fact]
    public void A_follower_that_does_not_ask_is_removed_from_a_stable_group_too()
    {
        var ids = _shard.MeetWith(sessionMs: 300_000, count: 2);
        _shard.Sync(Sync(ids[0], 1));
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
        _shard.Pass(RebalanceMs);
        Assert.Equal(ids[0], Assert.Single(_shard.Group.Members).Id);
        Assert.Equal(ClassicGroupState.PreparingRebalance, _shard.Group.State);
    }

    [Fact]
    public void Nobody_is_removed_once_all_have_asked()
    {
        var ids = _shard.MeetWith(sessionMs: 300_000, count: 2);
        _shard.Assign(ids);
        _shard.Pass(RebalanceMs);
        Assert.Equal(ClassicGroupState.Stable, _shard.Group.State);
    }

    [Fact]
    public void Who_waits_for_an_assignment_outlives_its_session()
    {
        var ids = _shard.Meet(Join(sessionMs: 40_000), Join(sessionMs: 40_000));
        _shard.Pass(1);
        var waiting = _shard.Sync(Sync(ids[1], 1));
        _shard.Heartbeat(Heartbeat(ids[0], 1));
        _shard.Pass(39_999);
        _shard.Heartbeat(Heartbeat(ids[0], 1));
        _shard.Pass(2_000);
        Assert.False(waiting.IsAnswered);
        _shard.Sync(Sync(ids[0], 1));
        Assert.Equal(ErrorCode.None, waiting.Response.ErrorCode);

        // With the answer its session begins anew.
        Assert.Equal(2, _shard.Group.Members.Count);
        _shard.Heartbeat(Heartbeat(ids[0], 1));
        _shard.Pass(40_000 - 1);
        Assert.Equal(2, _shard.Group.Members.Count);
        _shard.Heartbeat(Heartbeat(ids[0], 1));
        _shard.Pass(1);
        Assert.Single(_shard.Group.Members);
    }
}
