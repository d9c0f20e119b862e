using System.Text;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Decides about committed offsets: OffsetCommit, OffsetFetch, OffsetDelete and their retention.</summary>
/// <param name="context">What the shard's protocols share.</param>
/// <param name="offsets">The shard's offsets.</param>
/// <param name="undecided">Those of transactions under way.</param>
public sealed partial class OffsetProtocol(GroupContext context, OffsetTable offsets, UndecidedOffsets undecided)
{
    private const int NoGeneration = -1;
    private const short FirstVersionOfGroupErrors = 9;

    /// <summary>OffsetCommit.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Commit(
        Turn turn, RequestOrigin origin, OffsetCommitRequest request, Action<OffsetCommitResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var error = CheckCommit(turn, origin, request);
        if (error != ErrorCode.None)
        {
            turn.Answer(reply, GroupErrors.Respond(request, error));
            return;
        }

        var response = new OffsetCommitResponse();
        var expireTimestampMs = request.RetentionTimeMs >= 0 ? turn.NowMs + request.RetentionTimeMs : -1;
        foreach (var topic in request.Topics)
        {
            var known = turn.Topics.Find(topic.Name);
            var topicEntry = response.Topics.Add();
            topicEntry.Name = topic.Name;
            foreach (var partition in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = partition.PartitionIndex;
                entry.ErrorCode = CheckPartition(known, partition);
                if (entry.ErrorCode == ErrorCode.None)
                {
                    var committed = new CommittedOffset(
                        partition.CommittedOffset,
                        partition.CommittedLeaderEpoch,
                        partition.CommittedMetadata ?? "",
                        turn.NowMs,
                        expireTimestampMs);
                    turn.Write(OffsetRecords.Commit(request.GroupId, topic.Name, partition.PartitionIndex, committed));
                }
            }
        }

        turn.Answer(reply, response);
    }

    /// <summary>OffsetFetch for one group.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The group and the partitions wanted; null topics for all that have an offset.</param>
    /// <param name="mustBeStable">Whether offsets that a transaction may still change are refused with UNSTABLE_OFFSET_COMMIT.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Fetch(
        Turn turn,
        OffsetFetchRequest.OffsetFetchRequestGroup request,
        bool mustBeStable,
        Action<OffsetFetchResponse.OffsetFetchResponseGroup> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = request.GroupId };
        // A group that is not known has no offsets, which is an answer and no error.
        response.ErrorCode = context.Groups.Find(request.GroupId) is { } group
            ? group.CheckOffsetFetch(request.MemberId, request.MemberEpoch)
            : ErrorCode.None;
        if (response.ErrorCode == ErrorCode.None)
        {
            var found = offsets.Find(request.GroupId);
            if (request.Topics is { } topics)
            {
                foreach (var topic in topics)
                {
                    AddOffsets(response, request.GroupId, topic.Name, topic.PartitionIndexes, found, mustBeStable);
                }
            }
            else if (found is not null)
            {
                foreach (var (topic, partitions) in found.Topics)
                {
                    AddOffsets(response, request.GroupId, topic, partitions.Keys, found, mustBeStable);
                }
            }
        }

        turn.Answer(reply, response);
    }

    /// <summary>OffsetDelete: not of topics that the group subscribes to.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Delete(Turn turn, OffsetDeleteRequest request, Action<OffsetDeleteResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var response = new OffsetDeleteResponse();
        turn.Answer(reply, response);
        var group = context.Groups.Find(request.GroupId);
        response.ErrorCode = group?.CheckOffsetDelete() ?? ErrorCode.GroupIdNotFound;
        if (response.ErrorCode != ErrorCode.None)
        {
            return;
        }

        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.Name = topic.Name;
            var error = turn.Topics.Find(topic.Name) is null ? ErrorCode.UnknownTopicOrPartition
                : group!.IsSubscribedTo(topic.Name) ? ErrorCode.GroupSubscribedToTopic
                : ErrorCode.None;
            foreach (var partition in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = partition.PartitionIndex;
                entry.ErrorCode = error;
                if (error == ErrorCode.None
                    && offsets.Find(request.GroupId, topic.Name, partition.PartitionIndex) is not null)
                {
                    turn.Write(OffsetRecords.Tombstone(request.GroupId, topic.Name, partition.PartitionIndex));
                }
            }
        }
    }

    private ErrorCode CheckCommit(Turn turn, RequestOrigin origin, OffsetCommitRequest request)
    {
        var generation = request.GenerationIdOrMemberEpoch;
        if (context.Groups.Find(request.GroupId) is { } group)
        {
            return group.CheckOffsetCommit(
                turn, new OffsetCommitter(request.MemberId, request.GroupInstanceId, generation, origin.ApiVersion));
        }

        // Whoever assigns partitions to itself, or administrates, makes a group by committing to it.
        return generation <= NoGeneration ? ErrorCode.None
            : origin.ApiVersion >= FirstVersionOfGroupErrors ? ErrorCode.GroupIdNotFound
            : ErrorCode.IllegalGeneration;
    }

    private ErrorCode CheckPartition(GroupTopic? topic, OffsetCommitRequest.OffsetCommitRequestPartition partition) =>
        topic is not { } known || (uint)partition.PartitionIndex >= (uint)known.PartitionsCount
            ? ErrorCode.UnknownTopicOrPartition
            : partition.CommittedMetadata is { } text
                && Encoding.UTF8.GetByteCount(text) > context.Options.OffsetMetadataBytesMax
                ? ErrorCode.OffsetMetadataTooLarge
                : ErrorCode.None;

    private void AddOffsets(
        OffsetFetchResponse.OffsetFetchResponseGroup response,
        string groupId,
        string topic,
        IEnumerable<int> partitions,
        GroupOffsets? found,
        bool mustBeStable)
    {
        var topicEntry = response.Topics.Add();
        topicEntry.Name = topic;
        foreach (var partition in partitions)
        {
            var entry = topicEntry.Partitions.Add();
            entry.PartitionIndex = partition;
            (entry.CommittedOffset, entry.CommittedLeaderEpoch, entry.Metadata) = (-1, -1, "");
            if (mustBeStable && undecided.Contains(groupId, topic, partition))
            {
                entry.ErrorCode = ErrorCode.UnstableOffsetCommit;
            }
            else if (found?.Find(topic, partition) is { } offset)
            {
                (entry.CommittedOffset, entry.CommittedLeaderEpoch, entry.Metadata) =
                    (offset.Offset, offset.LeaderEpoch, offset.Metadata);
            }
        }
    }
}
