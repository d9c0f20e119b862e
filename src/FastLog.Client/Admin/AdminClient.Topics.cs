using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Topics.</content>
public sealed partial class AdminClient
{
    /// <summary>Creates a topic.</summary>
    /// <exception cref="KafkaException">TopicAlreadyExists, InvalidTopicException, InvalidPartitions,
    /// InvalidReplicationFactor, InvalidConfig, ...</exception>
    public async Task<CreatedTopic> CreateTopicAsync(
        NewTopic topic, bool validateOnly = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        CreateTopicsRequest request = new() { TimeoutMs = _options.RequestTimeoutMs, ValidateOnly = validateOnly };
        CreateTopicsRequest.CreatableTopic item = request.Topics.Add();
        item.Name = topic.Name;
        item.NumPartitions = topic.PartitionsCount;
        item.ReplicationFactor = topic.ReplicationFactor;
        foreach ((string name, string value) in topic.Configs)
        {
            CreateTopicsRequest.CreatableTopicConfig config = item.Configs.Add();
            config.Name = name;
            config.Value = value;
        }

        CreateTopicsResponse response = await ChangeAsync(
            request,
            static answer => (answer.Topics[0].ErrorCode, answer.Topics[0].ErrorMessage),
            $"topic {topic.Name}",
            cancellationToken).ConfigureAwait(false);
        CreateTopicsResponse.CreatableTopicResult result = response.Topics[0];
        return new CreatedTopic(result.Name, result.TopicId, result.NumPartitions, result.ReplicationFactor);
    }

    /// <summary>Deletes a topic and all its records.</summary>
    /// <exception cref="KafkaException">UnknownTopicOrPartition, TopicDeletionDisabled, ...</exception>
    public Task DeleteTopicAsync(string topic, CancellationToken cancellationToken = default)
    {
        // Version 6 names topics in one list, those before it in another.
        DeleteTopicsRequest request = new() { TimeoutMs = _options.RequestTimeoutMs };
        return RetryAsync(
            async () =>
            {
                BrokerConnection connection = await _cluster.ControllerAsync(cancellationToken).ConfigureAwait(false);
                request.Reset();
                request.TimeoutMs = _options.RequestTimeoutMs;
                if (connection.VersionOf(ApiKey.DeleteTopics) >= 6)
                {
                    request.Topics.Add().Name = topic;
                }
                else
                {
                    request.TopicNames.Add(topic);
                }

                DeleteTopicsResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                DeleteTopicsResponse.DeletableTopicResult result = response.Responses[0];
                return result.ErrorCode == ErrorCode.None
                    ? response
                    : throw KafkaException.For(result.ErrorCode, $"topic {topic}", result.ErrorMessage);
            },
            cancellationToken);
    }

    /// <summary>Gives a topic more partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partitionsCount">How many it is to have in all.</param>
    /// <param name="validateOnly">Only checks whether it could be done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">UnknownTopicOrPartition, InvalidPartitions, ...</exception>
    public Task CreatePartitionsAsync(
        string topic, int partitionsCount, bool validateOnly = false, CancellationToken cancellationToken = default)
    {
        CreatePartitionsRequest request = new() { TimeoutMs = _options.RequestTimeoutMs, ValidateOnly = validateOnly };
        CreatePartitionsRequest.CreatePartitionsTopic item = request.Topics.Add();
        item.Name = topic;
        item.Count = partitionsCount;
        item.Assignments = null;
        return ChangeAsync(
            request,
            static answer => (answer.Results[0].ErrorCode, answer.Results[0].ErrorMessage),
            $"topic {topic}",
            cancellationToken);
    }

    /// <summary>All topics, sorted by name.</summary>
    /// <exception cref="KafkaException">No broker can be reached.</exception>
    public async Task<IReadOnlyList<TopicMetadata>> ListTopicsAsync(CancellationToken cancellationToken = default)
    {
        // Metadata keeps the topics that an answer does not name, so a client that lists again starts afresh.
        _cluster.ForgetTopics();
        await _cluster.RefreshAsync(null, false, cancellationToken).ConfigureAwait(false);
        return [.. _cluster.Metadata.Topics.OrderBy(topic => topic.Name, StringComparer.Ordinal)];
    }

    /// <summary>One topic.</summary>
    /// <exception cref="KafkaException">UnknownTopicOrPartition, ...</exception>
    public Task<TopicMetadata> DescribeTopicAsync(string topic, CancellationToken cancellationToken = default) =>
        RetryAsync(() => TopicAsync(topic, cancellationToken), cancellationToken);
}
