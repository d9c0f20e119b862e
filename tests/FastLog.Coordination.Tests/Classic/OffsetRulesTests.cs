using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class OffsetRulesTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void Members_of_the_generation_commit()
    {
        var ids = _shard.StableGroup(1);
        Assert.Equal(ErrorCode.None, Commit(ids[0], 1));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(ids[0], 0));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(ids[0], -1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("nobody", 1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("", 1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("", -1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit(ids[0], 1, "i"));
    }

    [Fact]
    public void A_fenced_member_does_not_commit()
    {
        var ids = _shard.Meet(Join(instanceId: "i"));
        _shard.Assign(ids);
        _shard.Join(Join(instanceId: "i"));
        Assert.Equal(ErrorCode.FencedInstanceId, Commit(ids[0], 1, "i"));
    }

    [Fact]
    public void While_a_rebalance_is_prepared_members_commit_but_not_before_their_assignments()
    {
        var ids = _shard.StableGroup(2);
        _shard.Join(Join(ids[0]));
        Assert.Equal(ErrorCode.None, Commit(ids[1], 1));
        _shard.Join(Join(ids[1]));
        Assert.Equal(ErrorCode.RebalanceInProgress, Commit(ids[1], 2));
    }

    [Fact]
    public void A_commit_is_a_sign_of_life()
    {
        var ids = _shard.StableGroup(1);
        _shard.Pass(SessionMs - 1);
        Commit(ids[0], 1);
        _shard.Pass(SessionMs - 1);
        Assert.Single(_shard.Group.Members);
        _shard.Pass(1);
        Assert.Empty(_shard.Group.Members);
    }

    [Fact]
    public void Anybody_commits_to_an_empty_group_without_a_generation()
    {
        ClassicGroup? group = null;
        _shard.Run(turn => group = _shard.Protocol.FindOrCreate("g", turn.NowMs));
        Assert.Same(group, _shard.Group);
        Assert.Empty(_shard.Written);
        Assert.Equal(ErrorCode.None, Commit("", -1));
        Assert.Equal(ErrorCode.None, Commit("anybody", -1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("anybody", 0));
    }

    [Fact]
    public void Fetching_is_free_and_deleting_needs_subscriptions_to_be_known()
    {
        var ids = _shard.StableGroup(1);
        Assert.Equal(ErrorCode.None, _shard.Group.CheckOffsetFetch("nobody", 99));
        Assert.Equal(ErrorCode.None, _shard.Group.CheckOffsetDelete());
        Assert.Equal(ErrorCode.NonEmptyGroup, _shard.Group.CheckDelete());
        _shard.Leave(Leave((ids[0], null)));
        Assert.Equal(ErrorCode.None, _shard.Group.CheckDelete());
        _shard.Meet(Join(type: "connect"));
        Assert.Equal(ErrorCode.NonEmptyGroup, _shard.Group.CheckOffsetDelete());
    }

    [Fact]
    public void A_group_subscribes_to_what_any_of_its_members_does()
    {
        var join = _shard.Join(Join(topics: ["t", "u"]), 3);
        Assert.True(_shard.Group.IsSubscribedTo("before the first generation any may be subscribed to"));
        _shard.Join(Join(topics: ["v"]), 3);
        _shard.Pass(6_000);
        Assert.True(join.IsAnswered);
        Assert.All(new[] { "t", "u", "v" }, topic => Assert.True(_shard.Group.IsSubscribedTo(topic)));
        Assert.False(_shard.Group.IsSubscribedTo("w"));
        _shard.Pass(SessionMs);
        Assert.Equal(ClassicGroupState.Empty, _shard.Group.State);
        Assert.False(_shard.Group.IsSubscribedTo("t"));
    }

    [Fact]
    public void What_cannot_be_read_may_be_a_subscription_to_anything()
    {
        var request = Join();
        request.Protocols[0].Metadata = new byte[] { 0 };
        _shard.Assign(_shard.Meet(request));
        Assert.True(_shard.Group.IsSubscribedTo("w"));
        Assert.Null(_shard.Group.OffsetExpiresFromMs("w", 1));
        Assert.False(_shard.Group.IsConvertible);
    }

    [Fact]
    public void Members_that_are_no_consumers_subscribe_to_nothing_but_keep_their_offsets()
    {
        _shard.Meet(Join(type: "connect"));
        Assert.False(_shard.Group.IsSubscribedTo("t"));
        Assert.Null(_shard.Group.OffsetExpiresFromMs("t", 1));
    }

    [Fact]
    public void Offsets_expire_from_their_commit_or_from_when_the_group_became_empty()
    {
        _shard.Run(turn => _shard.Protocol.FindOrCreate("g", turn.NowMs));
        Assert.Equal(1, _shard.Group.OffsetExpiresFromMs("t", 1));
        var ids = _shard.StableGroup(2);
        Assert.Null(_shard.Group.OffsetExpiresFromMs("t", 1));
        Assert.Equal(1, _shard.Group.OffsetExpiresFromMs("u", 1));
        var join = _shard.Join(Join(ids[0]));
        Assert.Null(_shard.Group.OffsetExpiresFromMs("u", 1));
        _shard.Pass(77);
        _shard.Leave(Leave((ids[0], null), (ids[1], null)));
        Assert.True(join.IsAnswered);
        Assert.Equal(_shard.NowMs, _shard.Group.OffsetExpiresFromMs("t", 1));
    }

    [Fact]
    public void Without_a_time_in_an_old_record_the_commit_counts()
    {
        _shard.Protocol.Replay(
            new GroupMetadataKey { Group = "g" }, new GroupMetadataValue { ProtocolType = "consumer", Generation = 1 });
        Assert.Equal(5, _shard.Group.OffsetExpiresFromMs("t", 5));
    }

    [Fact]
    public void A_stable_group_is_described_with_metadata_and_assignments()
    {
        var ids = _shard.Meet(Join(instanceId: "i"));
        _shard.Assign(ids);
        var described = Describe();
        Assert.Equal(
            ("g", "Stable", "consumer", "range"),
            (described.GroupId, described.GroupState, described.ProtocolType, described.ProtocolData));
        var member = Assert.Single(described.Members);
        Assert.Equal(
            (ids[0], "i", "client", "/127.0.0.1"),
            (member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost));
        Assert.True(member.MemberMetadata.Span.SequenceEqual(Subscription("t")));
        Assert.Equal("for " + ids[0], ClassicShard.Text(member.MemberAssignment));
    }

    [Fact]
    public void Any_other_group_is_described_without()
    {
        var ids = _shard.MeetWith(SessionMs, 1);
        var described = Describe();
        Assert.Equal(("CompletingRebalance", ""), (described.GroupState, described.ProtocolData));
        Assert.Equal((0, 0), (described.Members[0].MemberMetadata.Length, described.Members[0].MemberAssignment.Length));
        _shard.Leave(Leave((ids[0], null)));
        Assert.Equal(("Empty", 0), (Describe().GroupState, Describe().Members.Count));
    }

    [Fact]
    public void A_group_of_readable_consumers_can_be_converted()
    {
        var ids = _shard.MeetWith(SessionMs, 2);
        var sync = Sync(ids[0], 1);
        var assignment = sync.Assignments.Add();
        (assignment.MemberId, assignment.Assignment) = (ids[0], Assignment("t", 0, 1));
        _shard.Sync(sync);
        Assert.True(_shard.Group.IsConvertible);
        Assert.Equal(ids.Order(), _shard.Group.Members.Select(static member => member.ToData().Id).Order());

        // One that hands in what nobody can read.
        var leader = _shard.Join(Join(ids[0]));
        _shard.Join(Join(ids[1]));
        _shard.Sync(Sync(ids[0], leader.Response.GenerationId, null, (ids[0], "?")));
        Assert.False(_shard.Group.IsConvertible);
    }

    private ErrorCode Commit(string memberId, int generation, string? instanceId = null)
    {
        var error = ErrorCode.None;
        _shard.Run(turn => error = _shard.Group.CheckOffsetCommit(
            turn, new OffsetCommitter(memberId, instanceId, generation, 9)));
        return error;
    }

    private DescribeGroupsResponse.DescribedGroup Describe()
    {
        var response = new DescribeGroupsResponse();
        var described = response.Groups.Add();
        _shard.Group.Describe(described);
        return described;
    }
}
