using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>How a feature may be moved; the numbers are Kafka's (KIP-778).</summary>
public enum FeatureUpgradeType : sbyte
{
    /// <summary>A number that is not known: refused.</summary>
    Unknown = 0,

    /// <summary>Upwards only.</summary>
    Upgrade = 1,

    /// <summary>Downwards, if no metadata is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>Downwards even if metadata is lost by it, which is refused here as Kafka 4.0 refuses it.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>A feature that shall be at another level.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Level">The level wanted; 0 takes the feature away.</param>
/// <param name="Type">In which direction it may move.</param>
public readonly record struct FeatureUpdate(string Name, short Level, FeatureUpgradeType Type);

/// <summary>What became of UpdateFeatures: all of it was done or nothing.</summary>
/// <param name="Error">None, INVALID_UPDATE_VERSION, INVALID_REQUEST, KAFKA_STORAGE_ERROR or NOT_CONTROLLER.</param>
/// <param name="Message">What is wrong, in words; null when all is well.</param>
public sealed record UpdateFeaturesResult(ErrorCode Error, string? Message);

/// <summary>Which leader is to be elected; the numbers are Kafka's (KIP-460).</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first replica, if it is in sync.</summary>
    Preferred = 0,

    /// <summary>Any live replica of a partition without leader, in sync or not: acknowledged records may be lost.</summary>
    Unclean = 1,
}

/// <summary>What became of one partition of ElectLeaders or AlterPartitionReassignments.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's index.</param>
/// <param name="Error">None if it was done.</param>
/// <param name="Message">What is wrong, in words; null when all is well.</param>
public sealed record PartitionOutcome(string Topic, int Partition, ErrorCode Error, string? Message = null);

/// <summary>Where the replicas of an existing partition shall be.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's index.</param>
/// <param name="BrokerIds">The brokers, preferred leader first; null cancels a running reassignment.</param>
public sealed record PartitionReassignment(string Topic, int Partition, IReadOnlyList<int>? BrokerIds);
