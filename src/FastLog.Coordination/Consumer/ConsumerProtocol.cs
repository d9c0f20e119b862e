using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// The consumer protocol of KIP-848 over the groups of one shard: decides what requests and deadlines do, and replays
/// what was decided. One thread at a time, as all of a shard.
/// </summary>
public sealed partial class ConsumerProtocol
{
    private readonly AssignorChoice _assignors;

    private readonly ClassicProtocol _classic;

    /// <summary>The protocol over a shard's groups.</summary>
    /// <param name="context">The shard's groups, deadlines and configuration.</param>
    /// <param name="classic">The other protocol of the shard: groups may go from the one to the other.</param>
    /// <exception cref="ArgumentException">The configuration names an assignor that there is not.</exception>
    public ConsumerProtocol(GroupContext context, ClassicProtocol classic)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(classic);
        Context = context;
        _classic = classic;
        _assignors = new AssignorChoice(context.Options.ConsumerAssignors);
    }

    internal GroupContext Context { get; }

    /// <summary>
    /// Applies a record that was appended or read: key types 3 to 8 and 16. The first value of a group makes it, in place
    /// of a classic group if there is one; the tombstone of key type 3 removes it.
    /// </summary>
    /// <param name="record">The record; nothing of it is kept.</param>
    /// <returns>Whether it was a record of a consumer group.</returns>
    public bool Replay(in CoordinatorRecord record)
    {
        if (ConsumerRecords.GroupIdOf(record.Key) is not { } groupId)
        {
            return false;
        }

        var group = FindGroup(groupId);
        if (group is null)
        {
            if (record.Value is null)
            {
                return true;
            }

            group = new ConsumerGroup(groupId, this);
            Context.Groups.Put(group);
        }

        group.Apply(record);
        if (record is { Value: null, Key: ConsumerGroupMetadataKey })
        {
            group.Close();
            Context.Groups.Remove(group);
        }

        return true;
    }

    /// <summary>
    /// ConsumerGroupHeartbeat, versions 0 and 1: joins, stays in and leaves a group. Refuses with INVALID_REQUEST,
    /// UNSUPPORTED_ASSIGNOR, UNSUPPORTED_VERSION (the protocol is switched off), GROUP_ID_NOT_FOUND, UNKNOWN_MEMBER_ID,
    /// FENCED_MEMBER_EPOCH, UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED and
    /// INVALID_REGULAR_EXPRESSION.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request; nothing of it is kept.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Heartbeat(
        Turn turn,
        RequestOrigin origin,
        ConsumerGroupHeartbeatRequest request,
        Action<ConsumerGroupHeartbeatResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reply);
        var refusal = !Context.Options.IsConsumerEnabled()
            ? new Refusal(ErrorCode.UnsupportedVersion, "The consumer group protocol is not enabled.")
            : HeartbeatRules.Check(request, origin.ApiVersion, _assignors);
        refusal ??= request.MemberEpoch < 0
            ? Leave(turn, request, reply)
            : Beat(turn, origin, request, reply);
        if (refusal is not null)
        {
            turn.Answer(
                reply, new ConsumerGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message });
        }
    }

    internal ConsumerGroupLimits LimitsOf(string groupId) => Context.Options.ConsumerLimitsOf(groupId);

    internal string AssignorNameOf(ConsumerGroup group) => _assignors.For(group.State).Name;

    /// <summary>A member was silent for too long, or did not revoke in time: it is out.</summary>
    internal void Expire(Turn turn, ConsumerGroup group, string memberId)
    {
        // A group that was replaced or unloaded has closed its deadlines; this asks the table all the same.
        if (ReferenceEquals(FindGroup(group.Id), group) && group.State.Find(memberId) is not null)
        {
            Remove(turn, group, [memberId]);
        }
    }

    private ConsumerGroup? FindGroup(string groupId) => Context.Groups.Find(groupId) as ConsumerGroup;
}
