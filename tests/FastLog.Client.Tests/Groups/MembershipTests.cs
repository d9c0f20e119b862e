using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client.Tests.Groups;

/// <summary>The memberships alone: times are numbers, and nothing is connected.</summary>
public class MembershipTests
{
    private const long NoDeadline = long.MaxValue;
    private static readonly Guid TopicId = Guid.NewGuid();
    private static readonly TopicAndPartition First = new("t", 0);

    private static ConsumerOptions Options => new() { GroupId = "g", HeartbeatIntervalMs = 100, MaxPollIntervalMs = 1_000 };

    [Fact]
    public void A_classic_leader_joins_assigns_and_keeps_alive()
    {
        ClassicMembership member = Lead(Options);
        Assert.Equal([First, new("t", 1)], member.Step!.Added.OrderBy(partition => partition.Partition));
        Do(member);
        Assert.Null(member.NextRequest(150, NoDeadline));
        Assert.Equal(200, member.DueMs(150));
        Assert.IsType<HeartbeatRequest>(member.NextRequest(200, NoDeadline));
        // One at a time.
        Assert.Null(member.NextRequest(900, NoDeadline));
    }

    [Fact]
    public void A_rebalance_takes_everything_from_an_eager_member_before_it_joins()
    {
        ClassicMembership member = Lead(Options);
        Do(member);
        Beat(member, 200, ErrorCode.RebalanceInProgress);
        Assert.Null(member.NextRequest(210, NoDeadline));
        Assert.Equal(2, member.Step!.Revoked.Count);
        Assert.True(member.Step.CommitsFirst);
        // Heartbeats go on while the reader is at work.
        Beat(member, 320, ErrorCode.RebalanceInProgress);
        Do(member);
        Assert.Empty(member.Owned);
        Assert.IsType<JoinGroupRequest>(member.NextRequest(330, NoDeadline));
    }

    [Fact]
    public void A_cooperative_member_keeps_what_it_has_and_joins_again_after_giving_up_the_rest()
    {
        ClassicMembership member = Lead(Options with { AssignmentStrategies = [AssignmentStrategy.CooperativeSticky] });
        Do(member);
        Beat(member, 200, ErrorCode.RebalanceInProgress);
        Assert.Null(member.NextRequest(210, NoDeadline));
        Assert.Empty(member.Step!.Revoked);
        Do(member);
        Assert.Equal(2, member.Owned.Count);
        Assert.IsType<JoinGroupRequest>(member.NextRequest(210, NoDeadline));
        Follow(member, "cooperative-sticky", [First], 220);
        Assert.Equal([new TopicAndPartition("t", 1)], member.Step!.Revoked);
        Do(member);
        Assert.Null(member.NextRequest(230, NoDeadline));
        Do(member);
        Assert.IsType<JoinGroupRequest>(member.NextRequest(230, NoDeadline));
    }

    [Theory]
    [InlineData(ErrorCode.UnknownMemberId, "")]
    [InlineData(ErrorCode.IllegalGeneration, "m")]
    public void Who_is_not_known_any_more_loses_all_and_joins_anew(ErrorCode error, string memberId)
    {
        ClassicMembership member = Lead(Options);
        Do(member);
        Beat(member, 200, error);
        Assert.Null(member.NextRequest(210, NoDeadline));
        Assert.Equal(2, member.Step!.Lost.Count);
        Do(member);
        Assert.Equal(memberId, Assert.IsType<JoinGroupRequest>(member.NextRequest(220, NoDeadline)).MemberId);
    }

    [Fact]
    public void Who_is_not_polled_leaves_and_comes_back_when_it_is()
    {
        ClassicMembership member = Lead(Options);
        Do(member);
        Assert.IsType<LeaveGroupRequest>(member.NextRequest(1_500, pollDeadlineMs: 1_500));
        member.OnResponse(new LeaveGroupResponse(), 1_501);
        Assert.Null(member.NextRequest(1_600, pollDeadlineMs: 1_500));
        Assert.Null(member.NextRequest(1_700, pollDeadlineMs: 2_600));
        Assert.Equal(2, member.Step!.Lost.Count);
        Do(member);
        Assert.IsType<JoinGroupRequest>(member.NextRequest(1_700, pollDeadlineMs: 2_600));
    }

    [Fact]
    public void A_new_member_acknowledges_what_it_got_and_what_it_gave_up()
    {
        ConsumerMembership member = JoinNew();
        Assert.Equal([First], member.Step!.Added);
        Do(member);
        var acknowledgement = Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(20, NoDeadline));
        Assert.Equal(1, acknowledgement.MemberEpoch);
        Assert.Equal([0], acknowledgement.TopicPartitions![0].Partitions);
        member.OnResponse(Answer(2, []), 30);
        Assert.Null(member.NextRequest(40, NoDeadline));
        Assert.Equal([First], member.Step!.Revoked);
        Do(member);
        acknowledgement = Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(50, NoDeadline));
        Assert.Equal(2, acknowledgement.MemberEpoch);
        Assert.Empty(acknowledgement.TopicPartitions!);
        // Nothing new to say until the interval is over, and then only that it is alive.
        member.OnResponse(Answer(2, null), 60);
        Assert.Null(member.NextRequest(61, NoDeadline));
        Assert.Null(Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(160, NoDeadline)).TopicPartitions);
    }

    [Fact]
    public void What_may_not_have_arrived_is_said_again()
    {
        ConsumerMembership member = JoinNew();
        Do(member);
        Assert.NotNull(member.NextRequest(20, NoDeadline));
        member.OnRequestLost(30);
        Assert.True(member.IsCoordinatorStale);
        Assert.Null(member.NextRequest(31, NoDeadline));
        var again = Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(member.DueMs(31), NoDeadline));
        Assert.Equal(["t"], again.SubscribedTopicNames!);
        Assert.Single(again.TopicPartitions!);
        // The first version of the request has no room even to say that there is none.
        Assert.Null(again.SubscribedTopicRegex);
    }

    [Fact]
    public void A_pattern_is_taken_back_by_who_said_it()
    {
        ConsumerMembership member = new(Options, "id");
        member.Subscribe(new GroupSubscription([], "t.*"));
        Assert.Equal("t.*", Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(0, NoDeadline)).SubscribedTopicRegex);
        member.OnResponse(Answer(1, []), 10);
        member.Subscribe(GroupSubscription.Of(["t"]));
        Assert.Equal("", Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(20, NoDeadline)).SubscribedTopicRegex);
    }

    [Theory]
    [InlineData(ErrorCode.FencedMemberEpoch)]
    [InlineData(ErrorCode.UnknownMemberId)]
    public void A_fenced_member_loses_all_and_joins_with_epoch_0(ErrorCode error)
    {
        ConsumerMembership member = JoinNew();
        Do(member);
        Assert.NotNull(member.NextRequest(20, NoDeadline));
        member.OnResponse(new ConsumerGroupHeartbeatResponse { ErrorCode = error }, 30);
        Assert.Null(member.NextRequest(40, NoDeadline));
        Assert.Equal([First], member.Step!.Lost);
        Do(member);
        var joining = Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(50, NoDeadline));
        Assert.Equal((0, "id"), (joining.MemberEpoch, joining.MemberId));
        Assert.Empty(joining.TopicPartitions!);
    }

    private static ClassicMembership Lead(ConsumerOptions options)
    {
        ClassicMembership member = new(options);
        member.Subscribe(GroupSubscription.Of(["t"]));
        Assert.Equal("", Assert.IsType<JoinGroupRequest>(member.NextRequest(0, NoDeadline)).MemberId);
        member.OnResponse(new JoinGroupResponse { ErrorCode = ErrorCode.MemberIdRequired, MemberId = "m" }, 10);
        var join = Assert.IsType<JoinGroupRequest>(member.NextRequest(20, NoDeadline));
        Assert.Equal("m", join.MemberId);
        JoinGroupResponse joined = new() { MemberId = "m", Leader = "m", GenerationId = 1, ProtocolName = join.Protocols[0].Name };
        JoinGroupResponse.JoinGroupResponseMember self = joined.Members.Add();
        (self.MemberId, self.Metadata) = ("m", join.Protocols[0].Metadata);
        member.OnResponse(joined, 30);
        Assert.True(member.WantsMetadata);
        member.OnMetadata(Metadata());
        var sync = Assert.IsType<SyncGroupRequest>(member.NextRequest(40, NoDeadline));
        member.OnResponse(new SyncGroupResponse { Assignment = sync.Assignments[0].Assignment }, 100);
        return member;
    }

    private static void Follow(ClassicMembership member, string protocol, TopicAndPartition[] assigned, long nowMs)
    {
        member.OnResponse(
            new JoinGroupResponse { MemberId = "m", Leader = "other", GenerationId = 2, ProtocolName = protocol }, nowMs);
        Assert.Empty(Assert.IsType<SyncGroupRequest>(member.NextRequest(nowMs, NoDeadline)).Assignments);
        member.OnResponse(new SyncGroupResponse { Assignment = ConsumerProtocol.Assignment(assigned) }, nowMs);
    }

    private static void Beat(ClassicMembership member, long nowMs, ErrorCode error)
    {
        Assert.IsType<HeartbeatRequest>(member.NextRequest(nowMs, NoDeadline));
        member.OnResponse(new HeartbeatResponse { ErrorCode = error }, nowMs);
    }

    private static ConsumerMembership JoinNew()
    {
        ConsumerMembership member = new(Options, "id");
        member.Subscribe(GroupSubscription.Of(["t"]));
        Assert.Equal(0, Assert.IsType<ConsumerGroupHeartbeatRequest>(member.NextRequest(0, NoDeadline)).MemberEpoch);
        member.OnResponse(Answer(1, [0]), 10);
        Assert.Null(member.NextRequest(11, NoDeadline));
        Assert.True(member.WantsMetadata);
        member.OnMetadata(Metadata());
        Assert.Null(member.NextRequest(12, NoDeadline));
        return member;
    }

    private static ConsumerGroupHeartbeatResponse Answer(int epoch, int[]? partitions)
    {
        ConsumerGroupHeartbeatResponse answer = new() { MemberId = "id", MemberEpoch = epoch, HeartbeatIntervalMs = 100 };
        if (partitions is not null)
        {
            answer.Assignment = new ConsumerGroupHeartbeatResponse.AssignmentData();
            ConsumerGroupHeartbeatResponse.TopicPartitions topic = answer.Assignment.TopicPartitions.Add();
            topic.TopicId = TopicId;
            topic.Partitions.AddRange(partitions.AsSpan());
        }

        return answer;
    }

    private static void Do(GroupMembership member)
    {
        Assert.NotNull(member.TakeStep());
        member.OnStepDone();
    }

    private static ClusterMetadata Metadata() => new(
        null, -1, [], [new TopicMetadata("t", TopicId, false, [new(0, 1, 0, [], [], []), new(1, 1, 0, [], [], [])])]);
}
