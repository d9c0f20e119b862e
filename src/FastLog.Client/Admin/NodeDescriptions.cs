using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>A registered broker.</summary>
/// <param name="NodeId">Its id.</param>
/// <param name="Endpoint">Where it listens, on the listener that was asked.</param>
/// <param name="Rack">Its rack, or null.</param>
/// <param name="IsFenced">Whether it is kept from serving; false as well where the broker asked does not say.</param>
public sealed record BrokerDescription(int NodeId, BrokerEndpoint Endpoint, string? Rack, bool IsFenced);

/// <summary>The features of a cluster (KIP-584).</summary>
/// <param name="FinalizedEpoch">Grows with the metadata; -1 when the broker does not say.</param>
/// <param name="Features">The features, sorted by name.</param>
public sealed record FeaturesDescription(long FinalizedEpoch, IReadOnlyList<FeatureDescription> Features);

/// <summary>A feature of a cluster.</summary>
/// <param name="Name">Its name, as metadata.version.</param>
/// <param name="MinSupportedLevel">The lowest level that the broker asked can work at; null when it does not say.</param>
/// <param name="MaxSupportedLevel">The highest one; null when it does not say.</param>
/// <param name="FinalizedLevel">The level that the cluster is at; 0 when it does not have the feature.</param>
public sealed record FeatureDescription(
    string Name, short? MinSupportedLevel, short? MaxSupportedLevel, short FinalizedLevel);

/// <summary>The quorum that keeps the metadata (KIP-595).</summary>
/// <param name="LeaderId">The node that leads it.</param>
/// <param name="LeaderEpoch">The epoch it leads in.</param>
/// <param name="HighWatermark">Records below this offset are committed.</param>
/// <param name="Voters">Those that vote.</param>
/// <param name="Observers">Those that only follow.</param>
public sealed record QuorumDescription(
    int LeaderId,
    int LeaderEpoch,
    long HighWatermark,
    IReadOnlyList<QuorumReplica> Voters,
    IReadOnlyList<QuorumReplica> Observers);

/// <summary>One replica of the metadata log.</summary>
/// <param name="NodeId">The node that has it.</param>
/// <param name="DirectoryId">The log directory that it is in; zero when the broker does not say.</param>
/// <param name="LogEndOffset">Its end, as far as the leader knows; -1 when it does not.</param>
/// <param name="LastFetchMs">When it last fetched, in ms since 1970; -1 when not known.</param>
/// <param name="LastCaughtUpMs">When it last had all that the leader had, in ms since 1970; -1 when not known.</param>
public sealed record QuorumReplica(
    int NodeId, Guid DirectoryId, long LogEndOffset, long LastFetchMs, long LastCaughtUpMs);

/// <summary>A log directory of a broker (KIP-113, KIP-827).</summary>
/// <param name="BrokerId">The broker.</param>
/// <param name="Path">The directory's path there.</param>
/// <param name="ErrorCode">None, or KafkaStorageError when it is offline; then it tells nothing else.</param>
/// <param name="TotalBytes">Size of its file system; -1 when not known.</param>
/// <param name="UsableBytes">What is free of it; -1 when not known.</param>
/// <param name="Replicas">The partitions that lie in it.</param>
public sealed record LogDirectoryDescription(
    int BrokerId,
    string Path,
    ErrorCode ErrorCode,
    long TotalBytes,
    long UsableBytes,
    IReadOnlyList<StoredReplica> Replicas);

/// <summary>A partition in a log directory.</summary>
/// <param name="Partition">Topic and number.</param>
/// <param name="SizeInBytes">Size of its segments.</param>
/// <param name="OffsetLag">How far its end is behind what it should be: the high watermark, or the replica that it is to
/// take the place of.</param>
/// <param name="IsFuture">Whether it is a copy under way to another directory.</param>
public sealed record StoredReplica(TopicAndPartition Partition, long SizeInBytes, long OffsetLag, bool IsFuture);
