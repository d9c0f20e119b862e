using FastLog.Cluster.Configs;

namespace FastLog.Cluster;

/// <summary>What a node needs to know to start.</summary>
public sealed record ClusterNodeOptions
{
    /// <summary>node.id, 0 or more.</summary>
    public required int NodeId { get; init; }

    /// <summary>log.dirs, at least one; the metadata log lies in the first.</summary>
    public required IReadOnlyList<string> LogDirectories { get; init; }

    /// <summary>Where clients reach the broker, as they shall be told.</summary>
    public required IReadOnlyList<BrokerEndPoint> EndPoints { get; init; }

    /// <summary>broker.rack, or null.</summary>
    public string? Rack { get; init; }

    /// <summary>What new topics get, and what may be done to topics.</summary>
    public ControllerOptions Controller { get; init; } = new();

    /// <summary>The configuration, which changes with the metadata: topics, the cleaner, producers to forget.</summary>
    public required LiveBrokerConfig Config { get; init; }

    /// <summary>Size in bytes of each log directory's commit journal, 0 for none: log.flush.journal.bytes.</summary>
    public int CommitJournalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Threads that open logs at start, for each directory: num.recovery.threads.per.data.dir.</summary>
    public int RecoveryThreadsPerDirectory { get; init; } = 2;

    /// <summary>Time between two checkpoints of recovery points: log.flush.offset.checkpoint.interval.ms.</summary>
    public TimeSpan RecoveryPointCheckpointInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time between two checkpoints of high watermarks: replica.high.watermark.checkpoint.interval.ms.</summary>
    public TimeSpan HighWatermarkCheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks for segments to delete: log.retention.check.interval.ms.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time from the start to the first of them: log.initial.task.delay.ms.</summary>
    public TimeSpan InitialTaskDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two looks for idle producers: producer.id.expiration.check.interval.ms.</summary>
    public TimeSpan ProducerIdExpirationCheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The options that a broker's configuration stands for.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="endPoints">Where clients reach the broker; null takes advertised.listeners as they are, which then
    /// must have ports.</param>
    public static ClusterNodeOptions From(BrokerConfig config, IReadOnlyList<BrokerEndPoint>? endPoints = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var live = new LiveBrokerConfig(config);
        return new ClusterNodeOptions
        {
            NodeId = config.NodeId,
            LogDirectories = config.LogDirs,
            EndPoints = endPoints ?? [.. config.AdvertisedListeners.Select(ToEndPoint)],
            Rack = config.Rack,
            Controller = new ControllerOptions
            {
                NumPartitions = config.NumPartitions,
                DefaultReplicationFactor = config.DefaultReplicationFactor,
                DeleteTopicEnable = config.IsDeleteTopicEnabled,
                CheckTopicConfigs = (image, overrides) => TopicConfig.Validate(live.In(image).Values, Nullable(overrides)),
                Config = live,
            },
            Config = live,
            CommitJournalBytes = config.CommitJournalBytes,
            RecoveryThreadsPerDirectory = config.RecoveryThreadsPerDataDir,
            RecoveryPointCheckpointInterval = TimeSpan.FromMilliseconds(config.RecoveryPointCheckpointIntervalMs),
            HighWatermarkCheckpointInterval = TimeSpan.FromMilliseconds(config.HighWatermarkCheckpointIntervalMs),
            RetentionCheckInterval = TimeSpan.FromMilliseconds(config.LogRetentionCheckIntervalMs),
            InitialTaskDelay = TimeSpan.FromMilliseconds(config.LogInitialTaskDelayMs),
            ProducerIdExpirationCheckInterval = TimeSpan.FromMilliseconds(config.ProducerIdExpirationCheckIntervalMs),
        };
    }

    private static BrokerEndPoint ToEndPoint(Listener listener) =>
        new(listener.Name, listener.Host, listener.Port, (short)listener.SecurityProtocol);

    private static Dictionary<string, string?> Nullable(IReadOnlyDictionary<string, string> overrides) =>
        overrides.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
}
