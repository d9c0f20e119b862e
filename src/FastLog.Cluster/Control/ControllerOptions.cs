using FastLog.Cluster.Configs;

namespace FastLog.Cluster;

/// <summary>What the controller's decisions depend on besides the image.</summary>
public sealed record ControllerOptions
{
    /// <summary>Partitions of a topic that does not say: num.partitions, 1 or more.</summary>
    public int NumPartitions { get; init; } = 1;

    /// <summary>Replicas of a topic that does not say: default.replication.factor, 1 or more.</summary>
    public int DefaultReplicationFactor { get; init; } = 1;

    /// <summary>Whether topics may be deleted: delete.topic.enable.</summary>
    public bool DeleteTopicEnable { get; init; } = true;

    /// <summary>Null if a topic may be configured so, else why not, in Kafka's words.</summary>
    public Func<MetadataImage, IReadOnlyDictionary<string, string>, string?> CheckTopicConfigs { get; init; } = (_, _) => null;

    /// <summary>What the broker was given at start, which changes of configuration are checked against.</summary>
    public LiveBrokerConfig Config { get; init; } = LiveBrokerConfig.Defaults;
}
