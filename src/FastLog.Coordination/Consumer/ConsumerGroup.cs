using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// A group of the consumer protocol (KIP-848), which may have members of the classic protocol among the others. Its
/// state is what its records say; beside it there are only deadlines and what was last looked at.
/// </summary>
public sealed partial class ConsumerGroup : Group
{
    /// <summary>From this version on OffsetCommit carries member epochs.</summary>
    private const short EpochCommitVersion = 9;

    private readonly ConsumerProtocol _protocol;
    private readonly Dictionary<string, MemberSession> _sessions = new(StringComparer.Ordinal);
    private long _topicsVersionSeen = -1;
    private long _lookAgainAtMs;
    private long _regexesMatchedAtMs = long.MinValue;

    internal ConsumerGroup(string id, ConsumerProtocol protocol)
        : base(id)
    {
        _protocol = protocol;
        State = new GroupState(id);
    }

    /// <summary>What its records say.</summary>
    internal GroupState State { get; }

    /// <inheritdoc/>
    public override GroupType Type => GroupType.Consumer;

    /// <inheritdoc/>
    public override string StateName => State.Name;

    /// <inheritdoc/>
    public override string ProtocolType => ClassicGroup.ConsumerProtocolType;

    /// <inheritdoc/>
    public override bool IsEmpty => State.Members.Count == 0;

    /// <summary>Grows with every change of members, subscriptions or topics.</summary>
    public int GroupEpoch => State.GroupEpoch;

    /// <summary>The group epoch that the target assignment was computed for.</summary>
    public int AssignmentEpoch => State.AssignmentEpoch;

    /// <summary>Its members by their ids.</summary>
    public IReadOnlyDictionary<string, ConsumerMember> Members => State.Members;

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetCommit(Turn turn, in OffsetCommitter who)
    {
        if (who.GenerationOrEpoch < 0 && IsEmpty)
        {
            return ErrorCode.None;
        }

        if (State.Find(who.MemberId) is not { } member)
        {
            return ErrorCode.UnknownMemberId;
        }

        return !member.IsClassic && who.ApiVersion < EpochCommitVersion
            ? ErrorCode.UnsupportedVersion
            : CheckEpoch(member, who.GenerationOrEpoch);
    }

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetFetch(string? memberId, int memberEpoch)
    {
        if (string.IsNullOrEmpty(memberId) && memberEpoch < 0)
        {
            return ErrorCode.None;
        }

        return memberId is not null && State.Find(memberId) is { } member
            ? CheckEpoch(member, memberEpoch)
            : ErrorCode.UnknownMemberId;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    /// <inheritdoc/>
    public override bool IsSubscribedTo(string topic) => State.IsSubscribedTo(topic);

    /// <inheritdoc/>
    public override long? OffsetExpiresFromMs(string topic, long commitTimestampMs) =>
        IsSubscribedTo(topic) ? null : commitTimestampMs;

    /// <inheritdoc/>
    public override void WriteTombstones(Turn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        foreach (var record in GroupTombstones.Of(State))
        {
            turn.Write(record);
        }
    }

    /// <inheritdoc/>
    public override void OnLoaded(Turn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        foreach (var member in State.Members.Values)
        {
            Heard(member, turn.NowMs);
        }
    }

    /// <inheritdoc/>
    public override void OnUnloaded(Turn turn, ErrorCode error) => Close();

    /// <summary>A record of this group was appended, or read while loading.</summary>
    internal void Apply(in CoordinatorRecord record)
    {
        State.Apply(record);
        if (record is { Value: null, Key: ConsumerGroupMemberMetadataKey key } && _sessions.Remove(key.MemberId, out var session))
        {
            session.Close();
        }
    }

    /// <summary>No deadline fires any more.</summary>
    internal void Close()
    {
        foreach (var session in _sessions.Values)
        {
            session.Close();
        }

        _sessions.Clear();
    }

    /// <summary>
    /// While a member is revoking, its epoch before is as good for offsets: nobody else has its partitions yet, and the
    /// answer with the new epoch may still be on its way.
    /// </summary>
    private static ErrorCode CheckEpoch(ConsumerMember member, int epoch) =>
        epoch == member.Epoch
        || (member.Current.State == MemberState.UnrevokedPartitions && epoch == member.Current.PreviousMemberEpoch)
            ? ErrorCode.None
            : member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;
}
