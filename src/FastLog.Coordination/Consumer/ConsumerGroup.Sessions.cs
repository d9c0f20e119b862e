namespace FastLog.Coordination.Consumer;

/// <summary>What is kept of the group beside its records.</summary>
public sealed partial class ConsumerGroup
{
    /// <summary>Whether the topics may have changed since the group looked at them last.</summary>
    internal bool MustLook(Turn turn) =>
        turn.Topics.Version != _topicsVersionSeen || turn.NowMs >= _lookAgainAtMs;

    /// <summary>Whether it is time to match regular expressions anew.</summary>
    internal bool MayMatchRegexes(Turn turn) => turn.NowMs - TopicsLook.RegexIntervalMs >= _regexesMatchedAtMs;

    /// <summary>The group's records agree with the topics of this turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="withRegexes">Whether regular expressions were matched anew.</param>
    internal void Looked(Turn turn, bool withRegexes)
    {
        _topicsVersionSeen = turn.Topics.Version;
        if (withRegexes || State.Regexes.Count == 0)
        {
            _regexesMatchedAtMs = turn.NowMs;
            _lookAgainAtMs = turn.NowMs + TopicsLook.RefreshIntervalMs;
        }
        else
        {
            _lookAgainAtMs = _regexesMatchedAtMs + TopicsLook.RegexIntervalMs;
        }
    }

    /// <summary>The session of a member that there is.</summary>
    internal MemberSession SessionOf(string memberId)
    {
        if (!_sessions.TryGetValue(memberId, out var session))
        {
            session = NewSession(memberId);
            _sessions.Add(memberId, session);
        }

        return session;
    }

    /// <summary>A member was heard of, and may have been told to revoke partitions.</summary>
    internal void Heard(ConsumerMember member, long nowMs)
    {
        var session = SessionOf(member.Id);
        if (member.Metadata.Classic is { } classic)
        {
            session.IsAlive(nowMs + classic.SessionTimeoutMs);
        }
        else
        {
            session.IsAlive(nowMs + _protocol.LimitsOf(Id).SessionTimeoutMs);
            session.AwaitRevocation(member.Current, nowMs + member.Metadata.RebalanceTimeoutMs);
        }
    }

    private MemberSession NewSession(string memberId) => new(
        _protocol.Context.Deadlines,
        turn => _protocol.Expire(turn, this, memberId),
        turn => _protocol.Expire(turn, this, memberId));
}
