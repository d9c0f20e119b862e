using System.Collections.ObjectModel;
using System.Globalization;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;

namespace FastLog.Broker.Topics;

/// <summary>
/// Topics that nobody created by hand: those a client asks metadata for while <c>auto.create.topics.enable</c> is
/// set, and the coordinators' own topics when they are first needed.
/// </summary>
public sealed class TopicCreation(Controller controller, BrokerConfig config)
{
    /// <summary>Nothing was created and nothing failed.</summary>
    public static readonly IReadOnlyDictionary<string, ErrorCode> Nothing =
        ReadOnlyDictionary<string, ErrorCode>.Empty;

    /// <summary>Creates the topics with the broker's defaults where the configuration allows it.</summary>
    /// <returns>The errors of those that could not be created, by name.</returns>
    public async ValueTask<IReadOnlyDictionary<string, ErrorCode>> AutoCreateAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var wanted = names.Where(MayCreate).Distinct().Select(Describe).ToList();
        if (wanted.Count == 0)
        {
            return Nothing;
        }

        var results = await controller.CreateTopicsAsync(wanted, false, cancellationToken).ConfigureAwait(false);
        return results
            .Where(result => result.Error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            .ToDictionary(result => result.Name, result => result.Error);
    }

    /// <summary>Creates one of the coordinators' topics; that it exists already is fine.</summary>
    public async ValueTask CreateInternalAsync(string name, CancellationToken cancellationToken) =>
        await controller.CreateTopicsAsync([Describe(name)], false, cancellationToken).ConfigureAwait(false);

    private bool MayCreate(string name) =>
        TopicNames.Check(name) is null && (config.IsAutoCreateTopicsEnabled || InternalTopics.IsInternal(name));

    private NewTopic Describe(string name) => name switch
    {
        InternalTopics.ConsumerOffsets => Coordinator(
            name, config.OffsetsTopicNumPartitions, config.OffsetsTopicReplicationFactor, config.OffsetsTopicSegmentBytes,
            new("compression.type", "producer")),
        InternalTopics.TransactionState => Coordinator(
            name,
            config.TransactionStateLogNumPartitions,
            config.TransactionStateLogReplicationFactor,
            config.TransactionStateLogSegmentBytes,
            new("compression.type", "uncompressed")),
        _ => new NewTopic { Name = name },
    };

    private NewTopic Coordinator(
        string name, int partitions, short replicationFactor, int segmentBytes, KeyValuePair<string, string?> compression) => new()
        {
            Name = name,
            PartitionsCount = partitions,
            // Kafka asks for three replicas by default; a smaller cluster keeps as many as it has brokers.
            ReplicationFactor = BrokerConfig.InternalTopicReplicationFactor(replicationFactor, controller.Current.Brokers.Length),
            Configs =
            [
                new("cleanup.policy", "compact"),
                new("segment.bytes", segmentBytes.ToString(CultureInfo.InvariantCulture)),
                compression,
            ],
        };
}
