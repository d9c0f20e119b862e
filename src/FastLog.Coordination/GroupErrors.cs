using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Errors as the answers to requests about groups carry them.</summary>
public static class GroupErrors
{
    /// <summary>What clients of groups are told when a coordinator's log refuses to append, or fails.</summary>
    /// <param name="error">The log's own error.</param>
    public static ErrorCode OfLog(ErrorCode error) => error switch
    {
        ErrorCode.None => ErrorCode.None,
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge => ErrorCode.InvalidCommitOffsetSize,
        _ => ErrorCode.UnknownServerError,
    };

    /// <summary>A new answer that says nothing but an error.</summary>
    /// <param name="error">The error.</param>
    /// <typeparam name="TResponse">The type of the answer; not one that lists partitions.</typeparam>
    public static TResponse Respond<TResponse>(ErrorCode error)
        where TResponse : class, new()
    {
        var response = new TResponse();
        Overwrite(response, error);
        return response;
    }

    /// <summary>The answer to a commit of which nothing was done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">The error of each of its partitions.</param>
    public static OffsetCommitResponse Respond(OffsetCommitRequest request, ErrorCode error)
    {
        ArgumentNullException.ThrowIfNull(request);
        var response = new OffsetCommitResponse();
        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.Name = topic.Name;
            foreach (var partition in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = partition.PartitionIndex;
                entry.ErrorCode = error;
            }
        }

        return response;
    }

    /// <summary>Turns an answer into an error; what had failed already keeps its own.</summary>
    internal static void Overwrite(object response, ErrorCode error)
    {
        switch (response)
        {
            case OffsetCommitResponse commit:
                Overwrite(commit, error);
                break;
            case OffsetDeleteResponse delete:
                delete.ErrorCode = WithoutCommit(error);
                delete.Topics.Clear();
                break;
            case OffsetFetchResponse.OffsetFetchResponseGroup fetch:
                fetch.ErrorCode = WithoutCommit(error);
                fetch.Topics.Clear();
                break;
            case JoinGroupResponse join:
                join.ErrorCode = WithoutCommit(error);
                // The id that was made for it stands for nobody. Versions before 7 know no null for the protocol.
                (join.GenerationId, join.ProtocolName, join.Leader, join.MemberId) = (-1, "", "", "");
                join.Members.Clear();
                break;
            case SyncGroupResponse sync:
                sync.ErrorCode = WithoutCommit(error);
                sync.Assignment = default;
                break;
            case HeartbeatResponse heartbeat:
                heartbeat.ErrorCode = WithoutCommit(error);
                break;
            case LeaveGroupResponse leave:
                leave.ErrorCode = WithoutCommit(error);
                leave.Members.Clear();
                break;
            case ConsumerGroupHeartbeatResponse heartbeat:
                heartbeat.ErrorCode = WithoutCommit(error);
                heartbeat.ErrorMessage = heartbeat.ErrorCode.Message();
                (heartbeat.MemberEpoch, heartbeat.HeartbeatIntervalMs, heartbeat.Assignment) = (0, 0, null);
                break;
            case DeleteGroupsResponse.DeletableGroupResult result:
                result.ErrorCode = WithoutCommit(error);
                break;
            case DescribeGroupsResponse.DescribedGroup described:
                described.ErrorCode = WithoutCommit(error);
                (described.GroupState, described.ProtocolType, described.ProtocolData) = ("", "", "");
                described.Members.Clear();
                break;
            case ConsumerGroupDescribeResponse.DescribedGroup described:
                described.ErrorCode = WithoutCommit(error);
                described.ErrorMessage = described.ErrorCode.Message();
                described.Members.Clear();
                break;
            case GroupListing listing:
                listing.Error = WithoutCommit(error);
                break;
            default:
                throw new InvalidOperationException($"nobody knows where {response.GetType().Name} has its error");
        }
    }

    private static void Overwrite(OffsetCommitResponse response, ErrorCode error)
    {
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode == ErrorCode.None)
                {
                    partition.ErrorCode = error;
                }
            }
        }
    }

    /// <summary>The error for whoever did not commit offsets: that a commit is too large is an error of commits only.</summary>
    internal static ErrorCode WithoutCommit(ErrorCode error) =>
        error == ErrorCode.InvalidCommitOffsetSize ? ErrorCode.UnknownServerError : error;
}
