using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>What ListOffsets says of a partition.</summary>
/// <param name="ErrorCode">The broker's error, or none.</param>
/// <param name="Offset">The offset; -1 when no record is that late.</param>
/// <param name="TimestampMs">The timestamp of the record there, or -1.</param>
/// <param name="LeaderEpoch">The leader epoch of the record there, or -1.</param>
public readonly record struct FoundOffset(ErrorCode ErrorCode, long Offset, long TimestampMs, int LeaderEpoch);

/// <summary>Asks leaders for offsets.</summary>
internal static class OffsetLookup
{
    /// <summary>Asks one broker for offsets of partitions that it leads.</summary>
    /// <param name="connection">The broker.</param>
    /// <param name="wanted">The partitions, each with what ListOffsets calls its timestamp.</param>
    /// <param name="isolationLevel">What the end of a partition is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">There is no answer.</exception>
    public static async Task<Dictionary<TopicAndPartition, FoundOffset>> AskAsync(
        BrokerConnection connection,
        IEnumerable<(TopicAndPartition Partition, long Timestamp)> wanted,
        IsolationLevel isolationLevel,
        CancellationToken cancellationToken)
    {
        bool hasIsolation = connection.Supports(ApiKey.ListOffsets, 2);
        ListOffsetsRequest request = new() { ReplicaId = -1, IsolationLevel = hasIsolation ? (sbyte)isolationLevel : (sbyte)0 };
        foreach (IGrouping<string, (TopicAndPartition Partition, long Timestamp)> topic in wanted.GroupBy(w => w.Partition.Topic))
        {
            ListOffsetsRequest.ListOffsetsTopic added = request.Topics.Add();
            added.Name = topic.Key;
            foreach ((TopicAndPartition partition, long timestamp) in topic)
            {
                ListOffsetsRequest.ListOffsetsPartition item = added.Partitions.Add();
                item.PartitionIndex = partition.Partition;
                item.Timestamp = timestamp;
            }
        }

        ListOffsetsResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        Dictionary<TopicAndPartition, FoundOffset> found = [];
        foreach (ListOffsetsResponse.ListOffsetsTopicResponse topic in response.Topics)
        {
            foreach (ListOffsetsResponse.ListOffsetsPartitionResponse partition in topic.Partitions)
            {
                found[new TopicAndPartition(topic.Name, partition.PartitionIndex)] = new FoundOffset(
                    partition.ErrorCode, partition.Offset, partition.Timestamp, partition.LeaderEpoch);
            }
        }

        return found;
    }
}
