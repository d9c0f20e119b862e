using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Consumer.Heartbeats;

namespace FastLog.Coordination.Tests.Consumer;

public sealed class RegexSubscriptionTests
{
    private readonly TurnRunner _runner = new()
    {
        Topics = new StubTopics().With("a1", 1).With("a2", 2).With("b", 4).With("a-inner", 8, isInternal: true),
    };

    [Fact]
    public void A_member_gets_the_topics_that_match_and_they_are_stored()
    {
        var joined = _runner.Accept(Regex("m1", "a.*"));
        Assert.Equal(Partitions("a1", 0).Union(Partitions("a2", 0, 1)), joined.Assigned());
        Assert.Equal([5, 16, 4, 3, 7, 6, 8], _runner.LastRecords.Select(record => (int)record.KeyVersion));
        var resolved = Assert.IsType<ConsumerGroupRegularExpressionValue>(_runner.LastRecords[1].Value);
        Assert.Equal(["a1", "a2"], resolved.Topics);
        Assert.Equal((_runner.Topics.Version, _runner.NowMs), (resolved.Version, resolved.Timestamp));
        Assert.True(_runner.Group().IsSubscribedTo("a2"));
        Assert.False(_runner.Group().IsSubscribedTo("b"));
    }

    [Fact]
    public void A_topic_that_appears_is_matched_but_not_at_every_change()
    {
        _runner.Accept(Regex("m1", "a.*"));
        _runner.Topics = _runner.Topics.With("a3", 1);
        _runner.Accept(Steady("m1", 1));
        Assert.Empty(_runner.LastRecords);
        _runner.Advance(10_000);
        Assert.Equal(4, _runner.Accept(Steady("m1", 1)).Assigned()!.Count);
        _runner.Restart(compact: true);
        Assert.True(_runner.Group().IsSubscribedTo("a3"));
    }

    [Fact]
    public void A_pattern_that_is_none_is_refused()
    {
        var refused = _runner.Beat(Regex("m1", "a("));
        Assert.Equal(ErrorCode.InvalidRegularExpression, refused.ErrorCode);
        Assert.StartsWith("SubscribedTopicRegex `a(` is not a valid regular expression: ", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Null(_runner.Groups.Find("g"));
    }

    [Fact]
    public void A_pattern_that_costs_too_much_over_all_topics_is_refused()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _runner.Topics = _runner.Topics.With(i + new string('a', 200), 1);
        }

        var refused = _runner.Beat(Regex("m1", "[0-9]+(a?){200}b"));

        Assert.Equal(ErrorCode.InvalidRegularExpression, refused.ErrorCode);
        Assert.EndsWith("too expensive for so many topics.", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1_000, _runner.Accept(Regex("m1", "[0-9]+a{200}")).Assigned()!.Count);
    }

    [Fact]
    public void A_pattern_that_nobody_has_any_more_is_forgotten()
    {
        _runner.Accept(Regex("m1", "a.*"));
        _runner.Accept(Regex("m2", "a.*"));
        _runner.Accept(Steady("m1", -1));
        Assert.DoesNotContain(_runner.LastRecords, record => record.KeyVersion == 16);
        _runner.Accept(Steady("m2", -1));
        Assert.Contains(_runner.LastRecords, record => record is { KeyVersion: 16, Value: null });
        Assert.Empty(_runner.Group().State.Regexes);
    }

    private static ConsumerGroupHeartbeatRequest Regex(string memberId, string regex)
    {
        var request = Joining(memberId);
        request.SubscribedTopicNames = null;
        request.SubscribedTopicRegex = regex;
        return request;
    }
}
