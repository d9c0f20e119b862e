using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Server.Commands;

/// <summary>All that is shown of a topic.</summary>
/// <param name="Topic">Its partitions and replicas.</param>
/// <param name="Offsets">First and next offset of each partition; null where its leader does not answer.</param>
/// <param name="Configs">The configs that were set for it.</param>
internal sealed record TopicDescription(
    TopicMetadata Topic, IReadOnlyList<(long Start, long End)?> Offsets, IReadOnlyList<ConfigEntry> Configs)
{
    /// <summary>Asks for what metadata do not say.</summary>
    public static async Task<TopicDescription> ReadAsync(
        AdminClient admin, TopicMetadata topic, CancellationToken cancellationToken)
    {
        var configs = await admin.DescribeConfigsAsync(ConfigResourceType.Topic, topic.Name, cancellationToken)
            .ConfigureAwait(false);
        return new TopicDescription(
            topic,
            await OffsetsAsync(admin, topic, cancellationToken).ConfigureAwait(false),
            [.. configs.Where(config => config.Source == ConfigSource.DynamicTopic)]);
    }

    private static async Task<IReadOnlyList<(long Start, long End)?>> OffsetsAsync(
        AdminClient admin, TopicMetadata topic, CancellationToken cancellationToken)
    {
        var led = topic.Partitions.Where(partition => partition.LeaderId >= 0)
            .Select(partition => new TopicAndPartition(topic.Name, partition.Index)).ToList();
        try
        {
            var starts = await AskAsync(StartPosition.Earliest).ConfigureAwait(false);
            var ends = await AskAsync(StartPosition.Latest).ConfigureAwait(false);
            return [.. topic.Partitions.Select(partition => Range(new TopicAndPartition(topic.Name, partition.Index)))];

            (long Start, long End)? Range(TopicAndPartition partition) =>
                starts.TryGetValue(partition, out var start) && ends.TryGetValue(partition, out var end)
                    ? (start.Offset, end.Offset)
                    : null;
        }
        catch (KafkaException e) when (e.ErrorCode != ErrorCode.NetworkException)
        {
            return [.. topic.Partitions.Select(_ => ((long, long)?)null)];
        }

        Task<IReadOnlyDictionary<TopicAndPartition, FoundOffset>> AskAsync(StartPosition position) =>
            admin.ListOffsetsAsync(
                [.. led.Select(partition => KeyValuePair.Create(partition, position))],
                cancellationToken: cancellationToken);
    }
}
