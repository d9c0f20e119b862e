using FastLog.Raft;

namespace FastLog.Cluster;

/// <summary>The features that a new cluster starts with, and those that this broker can work with.</summary>
public static class FeatureLevels
{
    /// <summary>Name of the feature that stands for the format of metadata records.</summary>
    public const string MetadataVersion = "metadata.version";

    /// <summary>Name of the feature that stands for the consumer group protocol of KIP-848.</summary>
    public const string GroupVersion = "group.version";

    /// <summary>Name of the feature that stands for transactions; 2 is KIP-890.</summary>
    public const string TransactionVersion = "transaction.version";

    /// <summary>Name of the feature that stands for changeable voters; it lives in the log's control records.</summary>
    public const string KRaftVersion = "kraft.version";

    /// <summary>metadata.version 25 is what Kafka calls 4.0-IV3.</summary>
    public const short NewestMetadataVersion = 25;

    /// <summary>From metadata.version 23 (4.0-IV1) on records have the formats that this controller writes, so that a
    /// downgrade to it loses nothing.</summary>
    internal const short OldestEqualMetadataVersion = 23;

    private const short OldestMetadataVersion = 7;

    /// <summary>Levels that a new cluster is formatted with; kraft.version 0 is written nowhere.</summary>
    public static IReadOnlyList<KeyValuePair<string, short>> Bootstrap { get; } =
    [
        new(MetadataVersion, NewestMetadataVersion),
        new(GroupVersion, 1),
        new(TransactionVersion, 2),
    ];

    /// <summary>What this broker can work with.</summary>
    public static IReadOnlyList<SupportedFeature> Supported { get; } =
    [
        new(GroupVersion, 0, 1),
        new(TransactionVersion, 0, 2),
        new(KRaftVersion, 0, 1),
        new(MetadataVersion, OldestMetadataVersion, NewestMetadataVersion),
    ];

    /// <summary>Refuses a cluster whose features this broker cannot work with: it would read records wrong, or not at all.</summary>
    /// <param name="features">The cluster's features and their levels.</param>
    /// <exception cref="RaftException">One is unknown, or its level is; the message names it.</exception>
    internal static void Check(IReadOnlyDictionary<string, short> features)
    {
        foreach (var (name, level) in features)
        {
            var known = Supported.FirstOrDefault(feature => feature.Name == name);
            if (known is null || level < known.MinLevel || level > known.MaxLevel)
            {
                var range = known is null ? "none" : $"{known.MinLevel} to {known.MaxLevel}";
                throw new RaftException($"the cluster's metadata has {name} at level {level}; levels that can be used: {range}");
            }
        }
    }
}
