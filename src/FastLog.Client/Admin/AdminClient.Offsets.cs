using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Offsets and records of partitions.</content>
public sealed partial class AdminClient
{
    /// <summary>The offset of a position in each partition.</summary>
    /// <param name="wanted">The partitions, each with the position that is asked for.</param>
    /// <param name="isolationLevel">What the end of a partition is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The offsets; -1 where a timestamp was asked for that no record reaches.</returns>
    /// <exception cref="KafkaException">UnknownTopicOrPartition, ...</exception>
    public Task<IReadOnlyDictionary<TopicAndPartition, FoundOffset>> ListOffsetsAsync(
        IReadOnlyCollection<KeyValuePair<TopicAndPartition, StartPosition>> wanted,
        IsolationLevel isolationLevel = IsolationLevel.ReadUncommitted,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return RetryAsync(
            async () =>
            {
                Dictionary<TopicAndPartition, FoundOffset> found = [];
                foreach (var ofLeader in await ByLeaderAsync(wanted, cancellationToken).ConfigureAwait(false))
                {
                    Dictionary<TopicAndPartition, FoundOffset> answer = await OffsetLookup.AskAsync(
                        ofLeader.Key,
                        ofLeader.Select(item => (item.Key, item.Value.ListOffsetsTimestamp)),
                        isolationLevel,
                        cancellationToken).ConfigureAwait(false);
                    foreach ((TopicAndPartition partition, FoundOffset offset) in answer)
                    {
                        found[partition] = offset.ErrorCode == ErrorCode.None
                            ? offset
                            : throw KafkaException.For(offset.ErrorCode, partition.ToString());
                    }
                }

                return (IReadOnlyDictionary<TopicAndPartition, FoundOffset>)found;
            },
            cancellationToken);
    }

    /// <summary>Deletes all records before an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The first offset to keep, or -1 to delete all there are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first offset that is left.</returns>
    /// <exception cref="KafkaException">OffsetOutOfRange, PolicyViolation, UnknownTopicOrPartition, ...</exception>
    public Task<long> DeleteRecordsAsync(
        TopicAndPartition partition, long offset, CancellationToken cancellationToken = default)
    {
        DeleteRecordsRequest request = new() { TimeoutMs = _options.RequestTimeoutMs };
        DeleteRecordsRequest.DeleteRecordsTopic topic = request.Topics.Add();
        topic.Name = partition.Topic;
        DeleteRecordsRequest.DeleteRecordsPartition item = topic.Partitions.Add();
        item.PartitionIndex = partition.Partition;
        item.Offset = offset;
        return RetryAsync(
            async () =>
            {
                BrokerConnection leader = await LeaderAsync(partition, cancellationToken).ConfigureAwait(false);
                DeleteRecordsResponse response =
                    await leader.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                DeleteRecordsResponse.DeleteRecordsPartitionResult result = response.Topics[0].Partitions[0];
                return result.ErrorCode == ErrorCode.None
                    ? result.LowWatermark
                    : throw KafkaException.For(result.ErrorCode, partition.ToString());
            },
            cancellationToken);
    }

    private async Task<IEnumerable<IGrouping<BrokerConnection, KeyValuePair<TopicAndPartition, StartPosition>>>> ByLeaderAsync(
        IReadOnlyCollection<KeyValuePair<TopicAndPartition, StartPosition>> wanted, CancellationToken cancellationToken)
    {
        Dictionary<TopicAndPartition, BrokerConnection> leaders = [];
        foreach (IGrouping<string, TopicAndPartition> topic in wanted.Select(item => item.Key).GroupBy(key => key.Topic))
        {
            TopicMetadata metadata = await TopicAsync(topic.Key, cancellationToken).ConfigureAwait(false);
            foreach (TopicAndPartition partition in topic)
            {
                leaders[partition] = await LeaderAsync(metadata, partition, cancellationToken).ConfigureAwait(false);
            }
        }

        return wanted.GroupBy(item => leaders[item.Key]);
    }

    private async ValueTask<BrokerConnection> LeaderAsync(TopicAndPartition partition, CancellationToken cancellationToken) =>
        await LeaderAsync(
            await TopicAsync(partition.Topic, cancellationToken).ConfigureAwait(false), partition, cancellationToken)
            .ConfigureAwait(false);

    private ValueTask<BrokerConnection> LeaderAsync(
        TopicMetadata topic, TopicAndPartition partition, CancellationToken cancellationToken)
    {
        if ((uint)partition.Partition >= (uint)topic.Partitions.Count)
        {
            throw KafkaException.For(ErrorCode.UnknownTopicOrPartition, partition.ToString());
        }

        int leaderId = topic.Partitions[partition.Partition].LeaderId;
        return leaderId >= 0
            ? _cluster.BrokerAsync(leaderId, ConnectionUse.Requests, cancellationToken)
            : throw KafkaException.For(ErrorCode.LeaderNotAvailable, partition.ToString());
    }
}
