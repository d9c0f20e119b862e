using FastLog.Client;
using FastLog.Load.Loads;

namespace FastLog.Load.Consuming;

/// <summary>Where reading begins in each partition of a topic.</summary>
internal static class PartitionStarts
{
    /// <summary>The first offset that is there, or the end.</summary>
    /// <exception cref="KafkaException">The broker cannot be reached, or has no such topic.</exception>
    public static async Task<IReadOnlyList<(TopicAndPartition Partition, long Offset)>> FindAsync(
        LoadTarget target, bool atEnd, CancellationToken cancellationToken)
    {
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = target.BootstrapServers });
        TopicMetadata topic = await admin.DescribeTopicAsync(target.Topic, cancellationToken).ConfigureAwait(false);
        StartPosition position = atEnd ? StartPosition.Latest : StartPosition.Earliest;
        Dictionary<TopicAndPartition, StartPosition> wanted = topic.Partitions.ToDictionary(
            partition => new TopicAndPartition(target.Topic, partition.Index), _ => position);
        IReadOnlyDictionary<TopicAndPartition, FoundOffset> found = await admin
            .ListOffsetsAsync(wanted, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. found.OrderBy(pair => pair.Key.Partition).Select(pair => (pair.Key, pair.Value.Offset))];
    }
}
