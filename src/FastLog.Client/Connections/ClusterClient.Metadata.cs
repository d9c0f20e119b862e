using System.Collections.Frozen;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Asking for metadata.</content>
internal sealed partial class ClusterClient
{
    /// <summary>
    /// Asks any broker for brokers and the given topics (null: all topics; none: brokers only), and remembers the answer.
    /// </summary>
    /// <returns>The topics that the broker has an error for.</returns>
    /// <exception cref="KafkaException">No broker answers.</exception>
    public async Task<FrozenDictionary<string, ErrorCode>> RefreshAsync(
        IReadOnlyCollection<string>? topics, bool allowAutoTopicCreation, CancellationToken cancellationToken)
    {
        MetadataRequest request = new() { AllowAutoTopicCreation = allowAutoTopicCreation, Topics = null };
        if (topics is not null)
        {
            request.Topics = [];
            foreach (string topic in topics)
            {
                request.Topics.Add().Name = topic;
            }
        }

        BrokerConnection connection = await AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        MetadataResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
        {
            throw KafkaException.For(response.ErrorCode, connection.Endpoint.ToString());
        }

        FrozenDictionary<string, ErrorCode> errors = response.Topics
            .Where(topic => topic.ErrorCode != ErrorCode.None && topic.Name is not null)
            .ToFrozenDictionary(topic => topic.Name!, topic => topic.ErrorCode, StringComparer.Ordinal);
        Remember(ToMetadata(response), errors);
        return errors;
    }

    /// <summary>The topic, asked for when it is not known yet; waits for one that is just being created.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="allowAutoTopicCreation">Whether the broker may create it, and so whether to wait for it.</param>
    /// <param name="timeoutMs">How long to retry.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">There is no such topic, or nobody answers.</exception>
    public async Task<TopicMetadata> TopicAsync(
        string name, bool allowAutoTopicCreation, int timeoutMs, CancellationToken cancellationToken)
    {
        if (_metadata.Topic(name) is { } known)
        {
            return known;
        }

        long startedAt = _options.TimeProvider.GetTimestamp();
        RetryBackoff backoff = RetryBackoff.From(_options);
        for (int failures = 1; ; failures++)
        {
            FrozenDictionary<string, ErrorCode> errors =
                await RefreshAsync([name], allowAutoTopicCreation, cancellationToken).ConfigureAwait(false);
            // A topic without an error and yet without all its partitions is still being made.
            ErrorCode error = errors.GetValueOrDefault(name, ErrorCode.LeaderNotAvailable);
            if (_metadata.Topic(name) is { } found)
            {
                return found;
            }

            bool isFinal = !error.IsRetriable()
                || (error == ErrorCode.UnknownTopicOrPartition && !allowAutoTopicCreation)
                || _options.TimeProvider.GetElapsedTime(startedAt).TotalMilliseconds > timeoutMs;
            if (isFinal)
            {
                throw KafkaException.For(error, $"topic {name}");
            }

            await Task.Delay(backoff.After(failures), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what is known of topics; the brokers stay.</summary>
    public void ForgetTopics()
    {
        ClusterMetadata known = _metadata;
        _metadata = new ClusterMetadata(known.ClusterId, known.ControllerId, known.Brokers, []);
    }

    private void Remember(ClusterMetadata answer, FrozenDictionary<string, ErrorCode> errors)
    {
        // A topic without an answer stays as it was, except that a deleted one must not be produced to for ever.
        HashSet<string> forgotten = errors
            .Where(error => error.Value is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId)
            .Select(error => error.Key)
            .ToHashSet(StringComparer.Ordinal);
        ClusterMetadata known;
        do
        {
            known = _metadata;
        }
#pragma warning disable CS0420 // The field is volatile wherever it is read without an interlocked operation.
        while (Interlocked.CompareExchange(ref _metadata, known.Merge(answer, forgotten), known) != known);
#pragma warning restore CS0420
    }

    private static ClusterMetadata ToMetadata(MetadataResponse response) => new(
        response.ClusterId,
        response.ControllerId,
        response.Brokers.Select(broker =>
            new BrokerMetadata(broker.NodeId, new BrokerEndpoint(broker.Host, broker.Port), broker.Rack)),
        response.Topics
            .Where(topic => topic.ErrorCode == ErrorCode.None && topic.Name is not null && IsComplete(topic))
            .Select(ToMetadata));

    private static bool IsComplete(MetadataResponse.MetadataResponseTopic topic) =>
        topic.Partitions.Count > 0
        && topic.Partitions.Select(partition => partition.PartitionIndex).Order()
            .SequenceEqual(Enumerable.Range(0, topic.Partitions.Count));

    private static TopicMetadata ToMetadata(MetadataResponse.MetadataResponseTopic topic) => new(
        topic.Name!,
        topic.TopicId,
        topic.IsInternal,
        [.. topic.Partitions.OrderBy(partition => partition.PartitionIndex).Select(ToMetadata)]);

    private static PartitionMetadata ToMetadata(MetadataResponse.MetadataResponsePartition partition) => new(
        partition.PartitionIndex,
        partition.LeaderId,
        partition.LeaderEpoch,
        [.. partition.ReplicaNodes],
        [.. partition.IsrNodes],
        [.. partition.OfflineReplicas]);
}
