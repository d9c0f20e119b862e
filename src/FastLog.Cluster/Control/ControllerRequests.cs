using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>A topic to be made.</summary>
public sealed record NewTopic
{
    /// <summary>The topic's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many partitions; -1 for num.partitions.</summary>
    public int PartitionsCount { get; init; } = -1;

    /// <summary>How many replicas; -1 for default.replication.factor.</summary>
    public int ReplicationFactor { get; init; } = -1;

    /// <summary>Brokers of each partition, chosen by the caller; then both counts must be -1. Empty: placed here.</summary>
    public IReadOnlyList<NewPartition> Assignments { get; init; } = [];

    /// <summary>Configuration of the topic; null values are refused.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Configs { get; init; } = [];
}

/// <summary>Where the replicas of a partition shall be.</summary>
/// <param name="Index">Index of the partition.</param>
/// <param name="BrokerIds">The brokers, preferred leader first.</param>
public sealed record NewPartition(int Index, IReadOnlyList<int> BrokerIds);

/// <summary>What became of one topic of CreateTopics.</summary>
public sealed record CreateTopicResult
{
    /// <summary>The topic's name.</summary>
    public required string Name { get; init; }

    /// <summary>None if it was made, or would have been.</summary>
    public ErrorCode Error { get; init; } = ErrorCode.None;

    /// <summary>What is wrong, in words; null when all is well.</summary>
    public string? Message { get; init; }

    /// <summary>The new topic's id; empty on an error.</summary>
    public Guid TopicId { get; init; }

    /// <summary>How many partitions it has; -1 on an error.</summary>
    public int PartitionsCount { get; init; } = -1;

    /// <summary>How many replicas each has; -1 on an error.</summary>
    public int ReplicationFactor { get; init; } = -1;

    /// <summary>The configuration that was set on it.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; init; } = TopicImage.NoOverrides;
}

/// <summary>A topic to be removed: by name, or by id.</summary>
/// <param name="Name">Its name, or null.</param>
/// <param name="Id">Its id, or empty.</param>
public readonly record struct TopicReference(string? Name, Guid Id);

/// <summary>What became of one topic of DeleteTopics.</summary>
/// <param name="Name">The topic's name; null if only an unknown id was given.</param>
/// <param name="TopicId">The topic's id; empty if only an unknown name was given.</param>
/// <param name="Error">None if it was removed.</param>
/// <param name="Message">What is wrong, in words; null when all is well.</param>
public sealed record DeleteTopicResult(string? Name, Guid TopicId, ErrorCode Error, string? Message);

/// <summary>A topic that shall have more partitions.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Count">How many partitions it shall have in all.</param>
/// <param name="Assignments">Brokers of each added partition; null: placed here.</param>
public sealed record MorePartitions(string Name, int Count, IReadOnlyList<IReadOnlyList<int>>? Assignments = null);

/// <summary>What became of one topic of CreatePartitions.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Error">None if the partitions were added, or would have been.</param>
/// <param name="Message">What is wrong, in words; null when all is well.</param>
public sealed record CreatePartitionsResult(string Name, ErrorCode Error, string? Message);

/// <summary>A block of producer ids for one broker to hand out.</summary>
/// <param name="Error">None, BROKER_ID_NOT_REGISTERED, STALE_BROKER_EPOCH or UNKNOWN_SERVER_ERROR (all are used).</param>
/// <param name="FirstId">The first id of the block.</param>
/// <param name="Count">How many ids the block has; 0 on an error.</param>
public readonly record struct ProducerIdBlock(ErrorCode Error, long FirstId, int Count);

/// <summary>What a broker says of itself when it starts.</summary>
public sealed record BrokerRegistration
{
    /// <summary>The broker's node.id.</summary>
    public required int BrokerId { get; init; }

    /// <summary>Id of this run of its process.</summary>
    public required Guid IncarnationId { get; init; }

    /// <summary>Where clients reach it.</summary>
    public required IReadOnlyList<BrokerEndPoint> EndPoints { get; init; }

    /// <summary>Features it can work with.</summary>
    public IReadOnlyList<SupportedFeature> Features { get; init; } = FeatureLevels.Supported;

    /// <summary>broker.rack, or null.</summary>
    public string? Rack { get; init; }

    /// <summary>Ids of its log directories.</summary>
    public required IReadOnlyList<Guid> LogDirectoryIds { get; init; }
}
