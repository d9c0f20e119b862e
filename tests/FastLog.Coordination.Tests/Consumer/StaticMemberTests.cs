using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Consumer.Heartbeats;

namespace FastLog.Coordination.Tests.Consumer;

public sealed class StaticMemberTests
{
    private readonly TurnRunner _runner = new() { Topics = new StubTopics().With("a", 2) };

    [Fact]
    public void One_that_was_away_gets_back_what_it_had_under_another_id()
    {
        _runner.Accept(Static("m1", 0));
        _runner.Accept(Joining("m2", "a"));
        var kept = _runner.Accept(Static("m1", 1)).Assigned()!;
        _runner.Accept(Steady("m1", 2, kept));
        _runner.Accept(Steady("m2", 2));

        var left = _runner.Accept(Static("m1", -2));
        Assert.Equal(-2, left.MemberEpoch);
        Assert.Equal([8], _runner.LastRecords.Select(record => (int)record.KeyVersion));
        Assert.Null(_runner.Accept(Steady("m2", 2)).Assignment);

        var back = _runner.Accept(Static("m3", 0));
        Assert.Equal(2, back.MemberEpoch);
        Assert.Equal(kept, back.Assigned());
        Assert.Equal([8, 7, 5, 5, 7, 8, 8], _runner.LastRecords.Select(record => (int)record.KeyVersion));
        Assert.Equal(2, _runner.Group().GroupEpoch);

        var fenced = _runner.Beat(Static("m1", 2));
        Assert.Equal(ErrorCode.FencedInstanceId, fenced.ErrorCode);
        Assert.Equal("Static member m1 with instance id i was fenced by member m3.", fenced.ErrorMessage);
    }

    [Fact]
    public void An_instance_id_in_use_is_not_given_away()
    {
        _runner.Accept(Static("m1", 0));
        var refused = _runner.Beat(Static("m2", 0));
        Assert.Equal(ErrorCode.UnreleasedInstanceId, refused.ErrorCode);
        Assert.Equal(
            "Static member m2 with instance id i cannot join the group g because the instance id is owned by member m1.",
            refused.ErrorMessage);

        // The owner itself only lost its answer.
        Assert.Equal(1, _runner.Accept(Static("m1", 0)).MemberEpoch);
    }

    [Fact]
    public void One_that_does_not_come_back_is_out_when_its_session_ends()
    {
        _runner.Accept(Static("m1", 0));
        _runner.Accept(Static("m1", -2));
        _runner.Restart(compact: true);
        _runner.Advance(44_000);
        Assert.Single(_runner.Group().Members);
        _runner.Advance(1_000);
        Assert.Empty(_runner.Group().Members);
        Assert.Equal("Instance id i is unknown.", _runner.Beat(Static("m1", 1)).ErrorMessage);
    }

    [Fact]
    public void What_the_target_took_away_meanwhile_is_free_at_once()
    {
        _runner.Accept(Static("m1", 0));
        _runner.Accept(Static("m1", -2));
        Assert.Empty(_runner.Accept(Joining("m2", "a")).Assigned()!.Topics);
        Assert.Equal(1, _runner.Accept(Static("m3", 0)).Assigned()!.Count);
        Assert.Equal(1, _runner.Accept(Steady("m2", 2)).Assigned()!.Count);
        Assert.Equal("Stable", _runner.Group().StateName);
    }

    private static ConsumerGroupHeartbeatRequest Static(string memberId, int epoch)
    {
        var request = epoch == 0 ? Joining(memberId, "a") : Steady(memberId, epoch);
        request.InstanceId = "i";
        return request;
    }
}
