using FastLog.Coordination.Assignors;
using FastLog.Coordination.Consumer;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Consumer.Heartbeats;

namespace FastLog.Coordination.Tests.Consumer;

public sealed class HeartbeatTests
{
    private readonly TurnRunner _runner = new() { Topics = new StubTopics().With("a", 4).With("b", 2) };

    [Fact]
    public void A_first_member_gets_everything_and_the_records_are_Kafkas_in_Kafkas_order()
    {
        var joined = _runner.Accept(Joining("m1", "b", "a"));

        Assert.Equal("m1", joined.MemberId);
        Assert.Equal(1, joined.MemberEpoch);
        Assert.Equal(5_000, joined.HeartbeatIntervalMs);
        Assert.Equal(Partitions("a", 0, 1, 2, 3).Union(Partitions("b", 0, 1)), joined.Assigned());
        Assert.Equal([5, 4, 3, 7, 6, 8], _runner.LastRecords.Select(record => (int)record.KeyVersion));
        var member = Assert.IsType<ConsumerGroupMemberMetadataValue>(_runner.LastRecords[0].Value);
        Assert.Equal(["a", "b"], member.SubscribedTopicNames);
        Assert.Null(member.ClassicMemberMetadata);
        var current = Assert.IsType<ConsumerGroupCurrentMemberAssignmentValue>(_runner.LastRecords[5].Value);
        Assert.Equal((1, 0, 0), (current.MemberEpoch, current.PreviousMemberEpoch, current.State));
        Assert.Equal("Stable", _runner.Group().StateName);
    }

    [Fact]
    public void A_steady_heartbeat_writes_nothing_and_tells_no_assignment()
    {
        _runner.Accept(Joining("m1", "a"));
        var steady = _runner.Accept(Steady("m1", 1));
        Assert.Null(steady.Assignment);
        Assert.Equal(1, steady.MemberEpoch);
        Assert.Empty(_runner.LastRecords);
    }

    [Fact]
    public void A_full_heartbeat_is_told_the_assignment_again()
    {
        _runner.Accept(Joining("m1", "a"));
        var full = Joining("m1", "a");
        full.MemberEpoch = 1;
        Assert.Equal(Partitions("a", 0, 1, 2, 3), _runner.Accept(full).Assigned());
    }

    [Fact]
    public void Partitions_move_only_after_their_owner_says_that_it_dropped_them()
    {
        _runner.Accept(Joining("m1", "a"));
        var second = _runner.Accept(Joining("m2", "a"));
        Assert.Equal(2, second.MemberEpoch);
        Assert.Equal(TopicPartitionSet.Empty, second.Assigned());
        Assert.Equal("Reconciling", _runner.Group().StateName);

        var revoking = _runner.Accept(Steady("m1", 1));
        var kept = revoking.Assigned()!;
        Assert.Equal(2, kept.Count);
        Assert.Null(_runner.Accept(Steady("m2", 2)).Assignment);

        // Still revoking: nothing changes hands.
        Assert.Null(_runner.Accept(Steady("m1", revoking.MemberEpoch)).Assignment);
        Assert.Null(_runner.Accept(Steady("m2", 2)).Assignment);

        Assert.Equal(2, _runner.Accept(Steady("m1", revoking.MemberEpoch, kept)).MemberEpoch);
        Assert.Equal(Partitions("a", 0, 1, 2, 3).Except(kept), _runner.Accept(Steady("m2", 2)).Assigned());
        Assert.Equal("Stable", _runner.Group().StateName);
    }

    [Fact]
    public void A_late_request_from_before_the_revocation_releases_nothing()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "a"));
        for (var i = 0; i < 3; i++)
        {
            _runner.Beat(Steady("m1", 1, TopicPartitionSet.Empty));
        }

        Assert.Null(_runner.Accept(Steady("m2", 2)).Assignment);
        Assert.Equal(4, _runner.Group().Members["m1"].Current.Assigned.Union(
            _runner.Group().Members["m1"].Current.PendingRevocation).Count);
    }

    [Fact]
    public void An_answer_that_was_lost_is_given_again()
    {
        _runner.Accept(Joining("m1", "a"));
        var again = _runner.Accept(Joining("m1", "a"));
        Assert.Equal(1, again.MemberEpoch);
        Assert.Equal(4, again.Assigned()!.Count);
        Assert.Empty(_runner.LastRecords);
    }

    [Fact]
    public void A_wrong_epoch_is_fenced_in_Kafkas_words()
    {
        _runner.Accept(Joining("m1", "a"));
        var fenced = _runner.Beat(Steady("m1", 11));
        Assert.Equal(ErrorCode.FencedMemberEpoch, fenced.ErrorCode);
        Assert.Equal(
            "The consumer group member has a greater member epoch (11) than the one known by the group coordinator (1). "
            + "The member must abandon all its partitions and rejoin.",
            fenced.ErrorMessage);
        Assert.Null(fenced.MemberId);

        var unknown = _runner.Beat(Steady("nobody", 5));
        Assert.Equal(ErrorCode.UnknownMemberId, unknown.ErrorCode);
        Assert.Equal("Member nobody is not a member of group g.", unknown.ErrorMessage);
    }

    [Fact]
    public void A_smaller_epoch_is_fenced_unless_it_is_the_one_before_and_claims_nothing_else()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "b"));
        Assert.Equal(2, _runner.Accept(Steady("m1", 1)).MemberEpoch);
        Assert.Equal(ErrorCode.FencedMemberEpoch, _runner.Beat(Steady("m1", 1)).ErrorCode);
        Assert.Equal(ErrorCode.FencedMemberEpoch, _runner.Beat(Steady("m1", 1, Partitions("b", 0))).ErrorCode);
        Assert.Equal(2, _runner.Accept(Steady("m1", 1, Partitions("a", 0, 1, 2, 3))).MemberEpoch);
    }

    [Fact]
    public void A_member_that_leaves_is_forgotten_and_its_partitions_go_to_the_others()
    {
        _runner.Accept(Joining("m1", "a"));
        var left = _runner.Accept(Steady("m1", -1));
        Assert.Equal(-1, left.MemberEpoch);
        Assert.Equal(0, left.HeartbeatIntervalMs);
        Assert.Equal([8, 7, 5, 4, 3], _runner.LastRecords.Select(record => (int)record.KeyVersion));
        Assert.Equal("Empty", _runner.Group().StateName);
        Assert.Equal(2, _runner.Group().GroupEpoch);
        Assert.Equal(3, _runner.Accept(Joining("m2", "a")).MemberEpoch);
    }

    [Fact]
    public void A_silent_member_is_fenced_when_its_session_ends()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Advance(44_999);
        _runner.Accept(Steady("m1", 1));
        _runner.Advance(44_999);
        Assert.Single(_runner.Group().Members);
        _runner.Advance(1);
        Assert.Empty(_runner.Group().Members);
        Assert.Equal(ErrorCode.UnknownMemberId, _runner.Beat(Steady("m1", 1)).ErrorCode);
    }

    [Fact]
    public void A_member_that_does_not_revoke_in_time_is_fenced()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "a"));
        var revoking = _runner.Accept(Steady("m1", 1));
        for (var i = 0; i < 6; i++)
        {
            _runner.Accept(Steady("m1", revoking.MemberEpoch));
            _runner.Accept(Steady("m2", _runner.Group().Members["m2"].Epoch));
            _runner.Advance(10_000);
        }

        Assert.Equal(["m2"], _runner.Group().Members.Keys);
        Assert.Equal(4, _runner.Accept(Steady("m2", 2)).Assigned()!.Count);
    }

    [Fact]
    public void Topics_that_grow_or_appear_are_assigned()
    {
        Assert.Equal(4, _runner.Accept(Joining("m1", "a", "late")).Assigned()!.Count);
        _runner.Topics = _runner.Topics.With("a", 6).With("late", 1);
        var grown = _runner.Accept(Steady("m1", 1));
        Assert.Equal(2, grown.MemberEpoch);
        Assert.Equal(7, grown.Assigned()!.Count);

        _runner.Topics = _runner.Topics.With("other", 3);
        Assert.Null(_runner.Accept(Steady("m1", 2)).Assignment);
        Assert.Empty(_runner.LastRecords);
    }

    [Fact]
    public void The_assignor_that_most_members_ask_for_is_used()
    {
        var first = Joining("m1", "a");
        first.ServerAssignor = "range";
        _runner.Accept(first);
        _runner.Accept(Joining("m2", "a"));
        var described = new ConsumerGroupDescribeResponse.DescribedGroup();
        _runner.Group().Describe(described, _runner.Topics);
        Assert.Equal("range", described.AssignorName);
        Assert.Equal(2, described.Members.Count);
        Assert.All(described.Members, member => Assert.Equal(1, member.MemberType));
    }

    [Fact]
    public void A_group_that_is_full_takes_nobody_else()
    {
        var runner = new TurnRunner(new GroupCoordinatorOptions { ConsumerMembersMax = 1 }) { Topics = _runner.Topics };
        runner.Accept(Joining("m1", "a"));
        Assert.Equal(ErrorCode.GroupMaxSizeReached, runner.Beat(Joining("m2", "a")).ErrorCode);
        runner.Accept(Joining("m1", "a"));
    }

    [Fact]
    public void What_the_log_refuses_has_not_happened()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.RefusesNext = true;
        _runner.Run(turn => _runner.Protocol.Heartbeat(turn, Origin, Joining("m2", "a"), _ => Assert.Fail("answered")));
        Assert.Equal(["m1"], _runner.Group().Members.Keys);
        Assert.Equal(1, _runner.Group().GroupEpoch);
        Assert.Equal(2, _runner.Accept(Joining("m2", "a")).MemberEpoch);
    }

    [Fact]
    public void A_restart_in_the_middle_of_a_rebalance_goes_on_with_it()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "a"));
        var revoking = _runner.Accept(Steady("m1", 1));
        _runner.Restart(compact: true);
        Assert.Equal("Reconciling", _runner.Group().StateName);
        _runner.Accept(Steady("m1", revoking.MemberEpoch, revoking.Assigned()));
        Assert.Equal(2, _runner.Accept(Steady("m2", 2)).Assigned()!.Count);
        _runner.Advance(45_000);
        Assert.Empty(_runner.Group().Members);
    }

    [Fact]
    public void Tombstones_leave_nothing_behind()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Run(turn => _runner.Group().WriteTombstones(turn));
        Assert.Null(_runner.Groups.Find("g"));
        _runner.Restart(compact: true);
        Assert.Null(_runner.Groups.Find("g"));
        _runner.Advance(100_000);
    }

    [Fact]
    public void State_of_a_group_whose_member_left_is_assigning_until_a_heartbeat()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "a"));
        _runner.Accept(Steady("m1", -1));
        Assert.Equal("Assigning", _runner.Group().StateName);
        Assert.Equal(3, _runner.Accept(Steady("m2", 2)).MemberEpoch);
        Assert.Equal("Stable", _runner.Group().StateName);
        Assert.Equal(MemberState.Stable, _runner.Group().Members["m2"].Current.State);
    }
}
