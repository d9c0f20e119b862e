using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Load.Loads;

/// <summary>The topic that a load runs against.</summary>
public static class LoadTopic
{
    /// <summary>Creates the topic when it is not there.</summary>
    /// <returns>Its <c>flush.messages</c>, which says whether an acknowledgement waits for the disk; null when the
    /// broker does not tell.</returns>
    /// <exception cref="LoadFailedException">It is there with another number of partitions.</exception>
    public static async Task<string?> EnsureAsync(
        string bootstrapServers, string topic, int partitionsCount, CancellationToken cancellationToken)
    {
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = bootstrapServers });
        try
        {
            await admin.CreateTopicAsync(new NewTopic(topic, partitionsCount, 1), cancellationToken: cancellationToken);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.TopicAlreadyExists)
        {
            TopicMetadata known = await admin.DescribeTopicAsync(topic, cancellationToken);
            if (known.Partitions.Count != partitionsCount)
            {
                throw new LoadFailedException(
                    $"topic {topic} has {known.Partitions.Count} partitions, not {partitionsCount}", e);
            }
        }

        return await FlushMessagesAsync(admin, topic, cancellationToken);
    }

    private static async Task<string?> FlushMessagesAsync(
        AdminClient admin, string topic, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<ConfigEntry> configs =
                await admin.DescribeConfigsAsync(ConfigResourceType.Topic, topic, cancellationToken);
            return configs.FirstOrDefault(config => config.Name == "flush.messages")?.Value;
        }
        catch (KafkaException)
        {
            // A broker without DescribeConfigs can be measured all the same; the report says that it is not known.
            return null;
        }
    }
}
