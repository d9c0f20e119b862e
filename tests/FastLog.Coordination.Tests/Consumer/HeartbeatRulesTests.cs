using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using static FastLog.Coordination.Tests.Consumer.Heartbeats;

namespace FastLog.Coordination.Tests.Consumer;

public sealed class HeartbeatRulesTests
{
    private readonly TurnRunner _runner = new() { Topics = new StubTopics().With("a", 2) };

    public static TheoryData<string, Action<ConsumerGroupHeartbeatRequest>> Refused => new()
    {
        { "MemberId can't be empty.", request => request.MemberId = "" },
        { "GroupId can't be empty.", request => request.GroupId = "" },
        { "InstanceId can't be empty.", request => request.InstanceId = "" },
        { "RackId can't be empty.", request => request.RackId = "" },
        { "RebalanceTimeoutMs must be provided in first request.", request => request.RebalanceTimeoutMs = -1 },
        { "TopicPartitions must be empty when (re-)joining.", request => request.TopicPartitions = null },
        { "TopicPartitions must be empty when (re-)joining.", request => request.TopicPartitions = ToList(Partitions("a", 0)) },
        {
            "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.",
            request => request.SubscribedTopicNames = null
        },
        { "InstanceId can't be null.", request => request.MemberEpoch = -2 },
        { "MemberEpoch is invalid.", request => request.MemberEpoch = -3 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_as_it_must_be_is_refused(string message, Action<ConsumerGroupHeartbeatRequest> spoil)
    {
        var request = Joining("m1", "a");
        spoil(request);
        var response = _runner.Beat(request);
        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
        Assert.Equal(message, response.ErrorMessage);
        Assert.Null(_runner.Groups.Find("g"));
    }

    [Fact]
    public void Version_0_is_given_a_member_id()
    {
        var response = _runner.Accept(Joining("", "a"), version: 0);
        Assert.True(UuidText.TryParse(response.MemberId, out _));
        Assert.Equal([response.MemberId!], _runner.Group().Members.Keys);
    }

    [Fact]
    public void An_assignor_must_be_on_offer()
    {
        var request = Joining("m1", "a");
        request.ServerAssignor = "sticky";
        var response = _runner.Beat(request);
        Assert.Equal(ErrorCode.UnsupportedAssignor, response.ErrorCode);
        Assert.Equal("ServerAssignor sticky is not supported. Supported assignors: uniform, range.", response.ErrorMessage);
    }

    [Fact]
    public void A_group_comes_by_joining_only()
    {
        Assert.Equal(ErrorCode.GroupIdNotFound, _runner.Beat(Steady("m1", 3)).ErrorCode);
        Assert.Equal(ErrorCode.GroupIdNotFound, _runner.Beat(Steady("m1", -1)).ErrorCode);
    }

    [Fact]
    public void The_protocol_may_be_switched_off()
    {
        var runner = new TurnRunner(new GroupCoordinatorOptions { IsConsumerEnabled = false });
        Assert.Equal(ErrorCode.UnsupportedVersion, runner.Beat(Joining("m1", "a")).ErrorCode);
    }

    [Fact]
    public void Offsets_are_for_members_at_their_epoch()
    {
        _runner.Accept(Joining("m1", "a"));
        var group = _runner.Group();
        var turn = new Turn(_runner.NowMs, _runner.Topics);
        Assert.Equal(ErrorCode.None, group.CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 1, 9)));
        Assert.Equal(ErrorCode.StaleMemberEpoch, group.CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 0, 9)));
        Assert.Equal(ErrorCode.UnsupportedVersion, group.CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 1, 8)));
        Assert.Equal(ErrorCode.UnknownMemberId, group.CheckOffsetCommit(turn, new OffsetCommitter("m2", null, 1, 9)));
        Assert.Equal(ErrorCode.UnknownMemberId, group.CheckOffsetCommit(turn, new OffsetCommitter("", null, -1, 9)));
        Assert.Equal(ErrorCode.None, group.CheckOffsetFetch(null, -1));
        Assert.Equal(ErrorCode.None, group.CheckOffsetFetch("m1", 1));
        Assert.Equal(ErrorCode.StaleMemberEpoch, group.CheckOffsetFetch("m1", 2));
        Assert.Equal(ErrorCode.UnknownMemberId, group.CheckOffsetFetch("m2", 1));
        Assert.True(group.IsSubscribedTo("a"));
        Assert.Null(group.OffsetExpiresFromMs("a", 7));
        Assert.Equal(7, group.OffsetExpiresFromMs("b", 7));

        _runner.Accept(Steady("m1", -1));
        Assert.Equal(ErrorCode.None, group.CheckOffsetCommit(turn, new OffsetCommitter("", null, -1, 2)));
    }

    [Fact]
    public void A_member_that_is_revoking_commits_at_either_epoch()
    {
        _runner.Accept(Joining("m1", "a"));
        _runner.Accept(Joining("m2", "a"));
        Assert.Equal(2, _runner.Accept(Steady("m1", 1)).MemberEpoch);
        var turn = new Turn(_runner.NowMs, _runner.Topics);
        Assert.Equal(ErrorCode.None, _runner.Group().CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 1, 9)));
        Assert.Equal(ErrorCode.None, _runner.Group().CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 2, 9)));
        _runner.Accept(Steady("m1", 2, Partitions("a", _runner.Group().Members["m1"].Current.Assigned.Topics[0].Partitions[0])));
        Assert.Equal(
            ErrorCode.StaleMemberEpoch, _runner.Group().CheckOffsetCommit(turn, new OffsetCommitter("m1", null, 1, 9)));
    }
}
