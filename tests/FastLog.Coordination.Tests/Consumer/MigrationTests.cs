using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Consumer.Heartbeats;

namespace FastLog.Coordination.Tests.Consumer;

public sealed class MigrationTests
{
    private readonly TurnRunner _runner = new() { Topics = new StubTopics().With("a", 4) };

    [Fact]
    public void A_group_goes_to_the_consumer_protocol_and_back_with_its_members()
    {
        var classicId = FormClassicGroup();
        Assert.Equal(TopicPartitionSet.Empty, _runner.Accept(Joining("m2", "a")).Assigned());
        var member = _runner.Group().Members[classicId];
        Assert.Equal(4, member.Current.Assigned.Count);
        Assert.Equal(2, _runner.LastRecords[0].KeyVersion);
        Assert.Null(_runner.LastRecords[0].Value);
        _runner.Restart(compact: true);
        Assert.Equal(ErrorCode.RebalanceInProgress, Beat(classicId, 1));

        // Told to give up two, as it owns all; heard from again once it has.
        var revoking = Join(classicId, 0, 1, 2, 3);
        var kept = Sync(classicId, revoking.GenerationId);
        Assert.Equal(2, kept.Count);
        Assert.Null(_runner.Accept(Steady("m2", 2)).Assignment);
        Assert.Equal(ErrorCode.RebalanceInProgress, Beat(classicId, revoking.GenerationId));
        var rejoined = Join(classicId, [.. kept.Topics[0].Partitions]);
        Assert.Equal(kept, Sync(classicId, rejoined.GenerationId));
        Assert.Equal(ErrorCode.None, Beat(classicId, rejoined.GenerationId));
        Assert.Equal(Partitions("a", 0, 1, 2, 3).Except(kept), _runner.Accept(Steady("m2", 2)).Assigned());
        Assert.Equal("Stable", _runner.Group().StateName);

        _runner.Accept(Steady("m2", -1));
        var classic = Assert.IsType<ClassicGroup>(_runner.Groups.Find("g"));
        Assert.Equal([classicId], classic.Members.Select(left => left.Id));
        Assert.Equal(2, classic.Generation);
        Assert.Equal("PreparingRebalance", classic.StateName);
        _runner.Restart(compact: true);
        Assert.IsType<ClassicGroup>(_runner.Groups.Find("g"));
    }

    [Fact]
    public void An_eager_member_has_dropped_everything_when_it_joins()
    {
        var classicId = FormClassicGroup();
        _runner.Accept(Joining("m2", "a"));
        var joined = Join(classicId);
        Assert.Equal(2, joined.GenerationId);
        var assigned = Sync(classicId, 2);
        Assert.Equal(Partitions("a", 0, 1, 2, 3).Except(assigned), _runner.Accept(Steady("m2", 2)).Assigned());
        Assert.Equal(ErrorCode.IllegalGeneration, Beat(classicId, 1));
    }

    [Fact]
    public void A_member_that_does_not_rejoin_in_time_is_out()
    {
        var classicId = FormClassicGroup();
        _runner.Accept(Joining("m2", "a"));
        for (var second = 0; second < 50; second += 5)
        {
            Assert.Equal(ErrorCode.RebalanceInProgress, Beat(classicId, 1));
            _runner.Accept(Steady("m2", _runner.Group().Members["m2"].Epoch));
            _runner.Advance(5_000);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, Beat(classicId, 1));
        Assert.Equal(4, _runner.Accept(Steady("m2", 2)).Assigned()!.Count);
    }

    [Fact]
    public void Members_of_the_classic_protocol_may_come_and_go()
    {
        _runner.Accept(Joining("m1", "a"));
        var asked = _runner.Ask<JoinGroupResponse>((turn, reply) => _runner.Protocol.ClassicJoin(turn, Origin, Request(""), reply));
        Assert.Equal(ErrorCode.None, asked.ErrorCode);
        Assert.Equal(2, asked.GenerationId);
        Assert.Equal(("consumer", "range", ""), (asked.ProtocolType, asked.ProtocolName, asked.Leader));
        Assert.Equal(TopicPartitionSet.Empty, Sync(asked.MemberId, 2));

        var left = _runner.Ask<LeaveGroupResponse>((turn, reply) => _runner.Protocol.ClassicLeave(
            turn, Origin, new LeaveGroupRequest { GroupId = "g", MemberId = asked.MemberId }, reply));
        Assert.Equal(ErrorCode.None, left.ErrorCode);
        Assert.Equal(["m1"], _runner.Group().Members.Keys);
    }

    [Fact]
    public void A_group_may_change_before_its_first_generation()
    {
        var answers = new List<JoinGroupResponse>();
        _runner.Run(turn => _runner.Classic.Join(turn, Origin with { ApiVersion = 3 }, Request(""), answers.Add));
        Assert.Empty(answers);
        var second = _runner.Accept(Joining("m2", "a")).Assigned()!;
        var refused = Assert.Single(answers);
        Assert.Equal(ErrorCode.RebalanceInProgress, refused.ErrorCode);

        var rejoined = Join(refused.MemberId);
        Assert.Equal(Partitions("a", 0, 1, 2, 3).Except(second), Sync(refused.MemberId, rejoined.GenerationId));
        _runner.Advance(20_000);
        Assert.Single(answers);
    }

    [Fact]
    public void A_policy_may_keep_groups_from_changing()
    {
        var runner = new TurnRunner(new GroupCoordinatorOptions { MayUpgrade = false }) { Topics = _runner.Topics };
        FormClassicGroup(runner);
        var refused = runner.Beat(Joining("m2", "a"));
        Assert.Equal(ErrorCode.GroupIdNotFound, refused.ErrorCode);
        Assert.Equal("Group g is not a consumer group.", refused.ErrorMessage);
        Assert.IsType<ClassicGroup>(runner.Groups.Find("g"));
    }

    [Fact]
    public void A_group_that_only_has_a_name_becomes_what_it_is_joined_as()
    {
        _runner.Classic.FindOrCreate("g", _runner.NowMs);
        Assert.Equal(1, _runner.Accept(Joining("m1", "a")).MemberEpoch);
        _runner.Accept(Steady("m1", -1));
        FormClassicGroup();
        Assert.IsType<ClassicGroup>(_runner.Groups.Find("g"));
        _runner.Restart(compact: true);
        Assert.IsType<ClassicGroup>(_runner.Groups.Find("g"));
    }

    private static JoinGroupRequest Request(string memberId, params int[] owned)
    {
        var subscription = new ConsumerProtocolSubscription();
        subscription.Topics.Add("a");
        if (owned.Length > 0)
        {
            var entry = subscription.OwnedPartitions.Add();
            entry.Topic = "a";
            entry.Partitions.AddRange(owned);
        }

        var request = new JoinGroupRequest
        {
            GroupId = "g",
            MemberId = memberId,
            SessionTimeoutMs = 30_000,
            RebalanceTimeoutMs = 50_000,
            ProtocolType = "consumer",
        };
        var protocol = request.Protocols.Add();
        protocol.Name = "range";
        protocol.Metadata = VersionPrefixed.ToArray(subscription, 1);
        return request;
    }

    private string FormClassicGroup(TurnRunner? on = null)
    {
        var runner = on ?? _runner;
        var origin = Origin with { ApiVersion = 3 };
        JoinGroupResponse? joined = null;
        runner.Run(turn => runner.Classic.Join(turn, origin, Request(""), response => joined = response));
        runner.Advance(10_000);
        Assert.NotNull(joined);
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var assignment = new ConsumerProtocolAssignment();
        var entry = assignment.AssignedPartitions.Add();
        entry.Topic = "a";
        entry.Partitions.AddRange([0, 1, 2, 3]);
        var sync = new SyncGroupRequest { GroupId = "g", MemberId = joined.MemberId, GenerationId = joined.GenerationId };
        var mine = sync.Assignments.Add();
        mine.MemberId = joined.MemberId;
        mine.Assignment = VersionPrefixed.ToArray(assignment, 1);
        var synced = runner.Ask<SyncGroupResponse>((turn, reply) => runner.Classic.Sync(turn, origin, sync, reply));
        Assert.Equal(ErrorCode.None, synced.ErrorCode);
        return joined.MemberId;
    }

    private JoinGroupResponse Join(string memberId, params int[] owned)
    {
        var response = _runner.Ask<JoinGroupResponse>((turn, reply) =>
            _runner.Protocol.ClassicJoin(turn, Origin with { ApiVersion = 9 }, Request(memberId, owned), reply));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return response;
    }

    private TopicPartitionSet Sync(string memberId, int generation)
    {
        var request = new SyncGroupRequest { GroupId = "g", MemberId = memberId, GenerationId = generation };
        var response = _runner.Ask<SyncGroupResponse>((turn, reply) => _runner.Protocol.ClassicSync(turn, request, reply));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        var assignment = new ConsumerProtocolAssignment();
        Assert.Equal(1, VersionPrefixed.Decode(assignment, response.Assignment));
        var set = new TopicPartitionSet.Builder();
        foreach (var topic in assignment.AssignedPartitions)
        {
            set.Add(StubTopics.IdOf(topic.Topic), topic.Partitions.AsSpan());
        }

        return set.Build();
    }

    private ErrorCode Beat(string memberId, int generation)
    {
        var request = new HeartbeatRequest { GroupId = "g", MemberId = memberId, GenerationId = generation };
        return _runner.Ask<HeartbeatResponse>((turn, reply) => _runner.Protocol.ClassicHeartbeat(turn, request, reply)).ErrorCode;
    }
}
