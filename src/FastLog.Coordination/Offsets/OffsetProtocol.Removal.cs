using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <content>Offsets that nobody deletes one by one: with their group, with their topic, with time.</content>
public sealed partial class OffsetProtocol
{
    // So many tombstones fit a batch whatever the names; what is left goes in the next turn.
    private const int TombstonesPerTurnMax = 1_000;

    /// <summary>DeleteGroups, one group: INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, or NON_EMPTY_GROUP while it has members.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="reply">Takes the answer.</param>
    public void DeleteGroup(Turn turn, string groupId, Action<DeleteGroupsResponse.DeletableGroupResult> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var result = new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId };
        turn.Answer(reply, result);
        var group = context.Groups.Find(groupId);
        result.ErrorCode = groupId.Length == 0
            ? ErrorCode.InvalidGroupId
            : group?.CheckDelete() ?? ErrorCode.GroupIdNotFound;
        if (result.ErrorCode == ErrorCode.None)
        {
            WriteTombstones(turn, groupId, static (_, _) => true, int.MaxValue);
            group!.WriteTombstones(turn);
        }
    }

    /// <summary>
    /// The topics were deleted: a group's offsets of them go too, as a topic of the same name begins anew. To be repeated
    /// until it writes nothing more.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="topics">Names of the topics.</param>
    public void DeleteTopics(Turn turn, string groupId, IReadOnlySet<string> topics) =>
        WriteTombstones(turn, groupId, (topic, _) => topics.Contains(topic), TombstonesPerTurnMax);

    /// <summary>
    /// What has expired of a group goes: offsets (KIP-211), and a group without members and offsets as a whole.
    /// To be repeated until it writes nothing more.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="groupId">A group, or the id of one that has offsets only.</param>
    public void Expire(Turn turn, string groupId)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var group = context.Groups.Find(groupId);
        var isAllGone = WriteTombstones(turn, groupId, (topic, offset) => IsExpired(turn, group, topic, offset), TombstonesPerTurnMax);
        if (isAllGone && group is { IsEmpty: true } && !undecided.ContainsGroup(groupId))
        {
            group.WriteTombstones(turn);
        }
    }

    private bool IsExpired(Turn turn, Group? group, string topic, CommittedOffset offset)
    {
        if (group is null)
        {
            return offset.CommitTimestampMs + context.Options.OffsetsRetentionMs <= turn.NowMs;
        }

        if (group.OffsetExpiresFromMs(topic, offset.CommitTimestampMs) is not { } fromMs)
        {
            return false;
        }

        return offset.ExpireTimestampMs >= 0
            ? offset.ExpireTimestampMs <= turn.NowMs
            : fromMs + context.Options.OffsetsRetentionMs <= turn.NowMs;
    }

    /// <returns>Whether none of the group's offsets stays.</returns>
    private bool WriteTombstones(
        Turn turn, string groupId, Func<string, CommittedOffset, bool> isToGo, int countMax)
    {
        if (offsets.Find(groupId) is not { } found)
        {
            return true;
        }

        var isAllGone = true;
        foreach (var (topic, partitions) in found.Topics)
        {
            foreach (var (partition, offset) in partitions)
            {
                // What a transaction is about to change is decided on when it has ended.
                if (turn.Records.Count < countMax && isToGo(topic, offset) && !undecided.Contains(groupId, topic, partition))
                {
                    turn.Write(OffsetRecords.Tombstone(groupId, topic, partition));
                }
                else
                {
                    isAllGone = false;
                }
            }
        }

        return isAllGone;
    }
}
