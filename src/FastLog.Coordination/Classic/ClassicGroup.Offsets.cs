using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>What the group says to those who commit, fetch, delete and clean up offsets, and to the shard.</summary>
public sealed partial class ClassicGroup
{
    /// <inheritdoc/>
    public override GroupType Type => GroupType.Classic;

    /// <inheritdoc/>
    public override string StateName => State switch
    {
        ClassicGroupState.Empty => "Empty",
        ClassicGroupState.PreparingRebalance => "PreparingRebalance",
        ClassicGroupState.CompletingRebalance => "CompletingRebalance",
        ClassicGroupState.Stable => "Stable",
        _ => "Dead",
    };

    /// <inheritdoc/>
    public override string ProtocolType => _protocolType ?? "";

    /// <summary>
    /// Whether it is in the state of that name. A group whose members have all left while it waits for others is not yet,
    /// and one that nobody but clients with a promised member id know is.
    /// </summary>
    public override bool IsEmpty => State == ClassicGroupState.Empty;

    /// <summary>Whether its members can become members of a consumer group: the coordinator can read all they said.</summary>
    public bool IsConvertible =>
        _protocolType == ConsumerProtocolType
        && _members.Values.All(member => ConsumerSubscriptions.AreReadable(member, ProtocolName));

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetCommit(Turn turn, in OffsetCommitter who)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (State == ClassicGroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (State == ClassicGroupState.Empty && who.GenerationOrEpoch < 0)
        {
            return ErrorCode.None;
        }

        if (who.GenerationOrEpoch < 0 && who.MemberId.Length == 0 && who.InstanceId is null)
        {
            // Somebody who assigns partitions to itself, or an administrator, must not interfere with the members.
            return State == ClassicGroupState.Empty ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        var error = CheckMember(who.MemberId, who.InstanceId);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (who.GenerationOrEpoch != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (State == ClassicGroupState.CompletingRebalance)
        {
            // The member knows the generation, but not yet what it owns in it.
            return ErrorCode.RebalanceInProgress;
        }

        ClassicProtocol.RestartSession(turn, _members[who.MemberId]);
        return ErrorCode.None;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetFetch(string? memberId, int memberEpoch) =>
        State == ClassicGroupState.Dead ? ErrorCode.GroupIdNotFound : ErrorCode.None;

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetDelete() => State switch
    {
        ClassicGroupState.Dead => ErrorCode.GroupIdNotFound,
        ClassicGroupState.Empty => ErrorCode.None,
        _ => _protocolType == ConsumerProtocolType ? ErrorCode.None : ErrorCode.NonEmptyGroup,
    };

    /// <summary>
    /// Whether a member subscribes to the topic. True for every topic while the subscriptions of consumers are unknown,
    /// false for members that are no consumers.
    /// </summary>
    /// <param name="topic">Name of a topic.</param>
    public override bool IsSubscribedTo(string topic) =>
        _subscribedTopics?.Contains(topic) ?? _protocolType == ConsumerProtocolType;

    /// <inheritdoc/>
    public override long? OffsetExpiresFromMs(string topic, long commitTimestampMs)
    {
        if (IsSubscribedTo(topic))
        {
            return null;
        }

        if (_protocolType is null)
        {
            return commitTimestampMs;
        }

        return State switch
        {
            // Stored by an old coordinator it says not since when it is empty: the commit stands in for that.
            ClassicGroupState.Empty => StateTimestampMs ?? commitTimestampMs,
            ClassicGroupState.Stable when _subscribedTopics is not null => commitTimestampMs,
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override void WriteTombstones(Turn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        turn.Write(StoredClassicGroup.Tombstone(Id));
    }

    /// <inheritdoc/>
    public override void OnLoaded(Turn turn) => _protocol.OnLoaded(turn, this);

    /// <inheritdoc/>
    public override void OnUnloaded(Turn turn, ErrorCode error)
    {
        ClassicProtocol.AnswerWaiting(turn, this, error);
        Retire();
    }

    /// <summary>
    /// Answers every JoinGroup and SyncGroup that waits; for a group that has become a consumer group, or is given away.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="error">What to answer.</param>
    public void AnswerWaiting(Turn turn, ErrorCode error) => ClassicProtocol.AnswerWaiting(turn, this, error);
}
