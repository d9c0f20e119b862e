using System.Globalization;
using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Load.Loads;

/// <summary>The topic that a load runs against.</summary>
public static class LoadTopic
{
    private const string FlushMessages = "flush.messages";

    /// <summary>Creates the topic when it is not there and its partitions are given.</summary>
    /// <returns>Its <c>flush.messages</c>, which says whether an acknowledgement waits for the disk; null when the
    /// broker does not tell.</returns>
    /// <exception cref="LoadFailedException">It is there and is other than asked for, or the broker refuses its
    /// configuration.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or there is no such topic.</exception>
    public static async Task<string?> EnsureAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = target.BootstrapServers });
        if (target.PartitionsCount > 0)
        {
            await CreateAsync(admin, target, cancellationToken).ConfigureAwait(false);
        }

        string? told = await FlushMessagesAsync(admin, target.Topic, cancellationToken).ConfigureAwait(false);
        return target.FlushMessages is not { } asked || told is null || told == Text(asked)
            ? told
            : throw new LoadFailedException(
                $"topic {target.Topic} has {FlushMessages}={told}, not {asked}: take another topic, or leave --flush-messages out");
    }

    private static async Task CreateAsync(AdminClient admin, LoadTarget target, CancellationToken cancellationToken)
    {
        NewTopic topic = new(target.Topic, target.PartitionsCount, 1);
        if (target.FlushMessages is { } flushMessages)
        {
            topic = topic with { Configs = new Dictionary<string, string> { [FlushMessages] = Text(flushMessages) } };
        }

        try
        {
            await admin.CreateTopicAsync(topic, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.InvalidConfig)
        {
            throw new LoadFailedException($"the broker refuses {FlushMessages}={target.FlushMessages}: {e.Message}", e);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.TopicAlreadyExists)
        {
            TopicMetadata known = await admin.DescribeTopicAsync(target.Topic, cancellationToken).ConfigureAwait(false);
            if (known.Partitions.Count != target.PartitionsCount)
            {
                throw new LoadFailedException(
                    $"topic {target.Topic} has {known.Partitions.Count} partitions, not {target.PartitionsCount}", e);
            }
        }
    }

    private static async Task<string?> FlushMessagesAsync(
        AdminClient admin, string topic, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<ConfigEntry> configs = await admin
                .DescribeConfigsAsync(ConfigResourceType.Topic, topic, cancellationToken).ConfigureAwait(false);
            return configs.FirstOrDefault(config => config.Name == FlushMessages)?.Value;
        }
        catch (KafkaException)
        {
            // A broker without DescribeConfigs can be measured all the same; the report says that it is not known.
            return null;
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
