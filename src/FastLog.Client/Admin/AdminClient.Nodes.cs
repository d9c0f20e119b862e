using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Brokers, their features, their log directories and the metadata quorum.</content>
public sealed partial class AdminClient
{
    private const string SoftwareName = "fastlog";
    private const string MetadataTopic = "__cluster_metadata";

    /// <summary>Every registered broker, sorted by id; those that are fenced too, where the broker can say so.</summary>
    /// <exception cref="KafkaException">No broker can be reached, or it does not answer DescribeCluster.</exception>
    public Task<IReadOnlyList<BrokerDescription>> DescribeBrokersAsync(CancellationToken cancellationToken = default) =>
        RetryAsync<IReadOnlyList<BrokerDescription>>(
            async () =>
            {
                BrokerConnection connection = await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
                DescribeClusterRequest request = new()
                {
                    IncludeFencedBrokers = connection.Supports(ApiKey.DescribeCluster, 2),
                };
                DescribeClusterResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                ThrowOnError(response.ErrorCode, "cluster", response.ErrorMessage);
                return [.. response.Brokers
                    .Select(broker => new BrokerDescription(
                        broker.BrokerId, new BrokerEndpoint(broker.Host, broker.Port), broker.Rack, broker.IsFenced))
                    .OrderBy(broker => broker.NodeId)];
            },
            cancellationToken);

    /// <summary>The features that the cluster has, and those that a broker of it can work with, sorted by name.</summary>
    /// <exception cref="KafkaException">No broker can be reached.</exception>
    public Task<FeaturesDescription> DescribeFeaturesAsync(CancellationToken cancellationToken = default) => RetryAsync(
        async () =>
        {
            BrokerConnection connection = await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
            ApiVersionsRequest request = new() { ClientSoftwareName = SoftwareName, ClientSoftwareVersion = "1" };
            ApiVersionsResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
            ThrowOnError(response.ErrorCode, "features", null);
            return new FeaturesDescription(response.FinalizedFeaturesEpoch, FeaturesOf(response));
        },
        cancellationToken);

    /// <summary>The quorum that keeps the metadata.</summary>
    /// <exception cref="KafkaException">The broker cannot say: UnsupportedVersion, NotLeaderOrFollower, ...</exception>
    public Task<QuorumDescription> DescribeQuorumAsync(CancellationToken cancellationToken = default)
    {
        DescribeQuorumRequest request = new();
        DescribeQuorumRequest.TopicData topic = request.Topics.Add();
        topic.TopicName = MetadataTopic;
        topic.Partitions.Add();
        return RetryAsync(
            async () =>
            {
                BrokerConnection connection = await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
                DescribeQuorumResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                ThrowOnError(response.ErrorCode, "quorum", response.ErrorMessage);
                DescribeQuorumResponse.PartitionData quorum = response.Topics[0].Partitions[0];
                ThrowOnError(quorum.ErrorCode, "quorum", quorum.ErrorMessage);
                return new QuorumDescription(
                    quorum.LeaderId,
                    quorum.LeaderEpoch,
                    quorum.HighWatermark,
                    [.. quorum.CurrentVoters.Select(ToReplica)],
                    [.. quorum.Observers.Select(ToReplica)]);
            },
            cancellationToken);
    }

    /// <summary>The log directories of a broker and what lies in them.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="topics">Whose partitions are told; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The broker is not known or cannot be reached, or a topic is unknown. That a
    /// directory is offline is no exception: see <see cref="LogDirectoryDescription.ErrorCode"/>.</exception>
    public async Task<IReadOnlyList<LogDirectoryDescription>> DescribeLogDirsAsync(
        int brokerId, IReadOnlyCollection<string>? topics = null, CancellationToken cancellationToken = default)
    {
        DescribeLogDirsRequest request = new() { Topics = topics is null ? null : [] };
        foreach (string name in topics ?? [])
        {
            TopicMetadata topic = await DescribeTopicAsync(name, cancellationToken).ConfigureAwait(false);
            DescribeLogDirsRequest.DescribableLogDirTopic asked = request.Topics!.Add();
            asked.Topic = name;
            asked.Partitions.AddRange([.. topic.Partitions.Select(partition => partition.Index)]);
        }

        return await RetryAsync<IReadOnlyList<LogDirectoryDescription>>(
            async () =>
            {
                if (_cluster.Metadata.Broker(brokerId) is null)
                {
                    await _cluster.RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
                }

                BrokerConnection connection =
                    await _cluster.BrokerAsync(brokerId, ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
                DescribeLogDirsResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                ThrowOnError(response.ErrorCode, $"broker {brokerId}", null);
                return [.. response.Results.Select(result => ToDirectory(brokerId, result))];
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void ThrowOnError(ErrorCode error, string subject, string? text)
    {
        if (error != ErrorCode.None)
        {
            throw KafkaException.For(error, subject, string.IsNullOrEmpty(text) ? null : text);
        }
    }

    private static List<FeatureDescription> FeaturesOf(ApiVersionsResponse response)
    {
        Dictionary<string, short> finalized =
            response.FinalizedFeatures.ToDictionary(feature => feature.Name, feature => feature.MaxVersionLevel);
        List<FeatureDescription> features = [.. response.SupportedFeatures.Select(feature => new FeatureDescription(
            feature.Name, feature.MinVersion, feature.MaxVersion, finalized.GetValueOrDefault(feature.Name)))];
        // A cluster may have features that the broker that was asked does not tell its own levels of.
        features.AddRange(finalized
            .Where(level => features.All(feature => feature.Name != level.Key))
            .Select(level => new FeatureDescription(level.Key, null, null, level.Value)));
        return [.. features.OrderBy(feature => feature.Name, StringComparer.Ordinal)];
    }

    private static QuorumReplica ToReplica(DescribeQuorumResponse.ReplicaState replica) => new(
        replica.ReplicaId,
        replica.ReplicaDirectoryId,
        replica.LogEndOffset,
        replica.LastFetchTimestamp,
        replica.LastCaughtUpTimestamp);

    private static LogDirectoryDescription ToDirectory(
        int brokerId, DescribeLogDirsResponse.DescribeLogDirsResult result) => new(
        brokerId,
        result.LogDir,
        result.ErrorCode,
        result.TotalBytes,
        result.UsableBytes,
        [
            .. result.Topics.SelectMany(topic => topic.Partitions.Select(partition => new StoredReplica(
                new TopicAndPartition(topic.Name, partition.PartitionIndex),
                partition.PartitionSize,
                partition.OffsetLag,
                partition.IsFutureKey))),
        ]);
}
