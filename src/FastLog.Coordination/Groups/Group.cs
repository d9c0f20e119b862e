using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>
/// A group: one that follows the classic protocol, or the consumer protocol of KIP-848. Its committed offsets are kept
/// apart from it (<see cref="OffsetTable"/>), as they outlive its members and its kind.
/// </summary>
/// <param name="id">The group's id.</param>
public abstract class Group(string id)
{
    /// <summary>The group's id.</summary>
    public string Id { get; } = id;

    /// <summary>Its kind.</summary>
    public abstract GroupType Type { get; }

    /// <summary>Its state as ListGroups and the describing APIs name it.</summary>
    public abstract string StateName { get; }

    /// <summary>What its members use it for: "consumer" as a rule, empty for a group that only has offsets.</summary>
    public abstract string ProtocolType { get; }

    /// <summary>Whether it has no members.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>
    /// Whether offsets may be committed: ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, STALE_MEMBER_EPOCH,
    /// REBALANCE_IN_PROGRESS or UNSUPPORTED_VERSION if not. A member that may has shown that it lives.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="who">Who wants to commit.</param>
    public abstract ErrorCode CheckOffsetCommit(Turn turn, in OffsetCommitter who);

    /// <summary>Whether a member may fetch offsets: UNKNOWN_MEMBER_ID or STALE_MEMBER_EPOCH if not.</summary>
    /// <param name="memberId">The member; null or empty for anybody.</param>
    /// <param name="memberEpoch">Its epoch, negative for anybody.</param>
    public abstract ErrorCode CheckOffsetFetch(string? memberId, int memberEpoch);

    /// <summary>Whether any offset may be deleted: NON_EMPTY_GROUP while the group may not be looked into by topic.</summary>
    public abstract ErrorCode CheckOffsetDelete();

    /// <summary>Whether the group may be deleted: NON_EMPTY_GROUP while it has members.</summary>
    public ErrorCode CheckDelete() => IsEmpty ? ErrorCode.None : ErrorCode.NonEmptyGroup;

    /// <summary>Whether a member subscribes to the topic; its offsets may not be deleted and do not expire then.</summary>
    /// <param name="topic">Name of a topic.</param>
    public abstract bool IsSubscribedTo(string topic);

    /// <summary>From when on an offset's retention counts (KIP-211).</summary>
    /// <param name="topic">The offset's topic.</param>
    /// <param name="commitTimestampMs">When it was committed, in milliseconds since 1970.</param>
    /// <returns>Milliseconds since 1970; null while the offset does not expire at all.</returns>
    public abstract long? OffsetExpiresFromMs(string topic, long commitTimestampMs);

    /// <summary>Writes tombstones for all records that make up the group; not for its offsets.</summary>
    /// <param name="turn">The turn.</param>
    public abstract void WriteTombstones(Turn turn);

    /// <summary>
    /// The shard has read its whole log and takes requests from now on: sets the deadlines that the records say nothing
    /// of, and does what was under way when the last coordinator stopped.
    /// </summary>
    /// <param name="turn">A turn of the group's own.</param>
    public abstract void OnLoaded(Turn turn);

    /// <summary>The shard is being unloaded: answers all who wait, and unsets the deadlines. Writes nothing.</summary>
    /// <param name="turn">A turn without a log.</param>
    /// <param name="error">What to answer: NOT_COORDINATOR as a rule.</param>
    public abstract void OnUnloaded(Turn turn, ErrorCode error);
}

/// <summary>The kinds of groups, with the names of ListGroups.</summary>
public enum GroupType
{
    /// <summary>JoinGroup, SyncGroup, Heartbeat: members agree on a protocol and their leader assigns.</summary>
    Classic,

    /// <summary>ConsumerGroupHeartbeat: the coordinator assigns (KIP-848).</summary>
    Consumer,
}

/// <summary>Who wants to commit offsets.</summary>
/// <param name="MemberId">The member; empty for an administrator or a consumer that assigns partitions to itself.</param>
/// <param name="InstanceId">The static member's name, or null.</param>
/// <param name="GenerationOrEpoch">The generation of a classic group, the member epoch of a consumer group; negative without membership.</param>
/// <param name="ApiVersion">The version of OffsetCommit.</param>
public readonly record struct OffsetCommitter(string MemberId, string? InstanceId, int GenerationOrEpoch, short ApiVersion);
