using FastLog.Storage;

namespace FastLog.Cluster.Configs;

/// <summary>A broker's configuration, typed and checked. Immutable.</summary>
public sealed partial record BrokerConfig
{
    /// <summary>The values as text, with the places they come from.</summary>
    public required BrokerConfigValues Values { get; init; }

    /// <summary>What is advertised for a listener on every interface.</summary>
    public required string MachineHostName { get; init; }

    /// <summary>What new topics get for what they do not set themselves.</summary>
    public required TopicSettings TopicDefaults { get; init; }

    /// <summary>What consumer groups are told that have no values of their own.</summary>
    public required GroupSettings GroupDefaults { get; init; }

    /// <summary><c>node.id</c>: 0 or more.</summary>
    public required int NodeId { get; init; }

    /// <summary><c>broker.rack</c>, or null.</summary>
    public required string? Rack { get; init; }

    /// <summary><c>listeners</c> to open: those of the controller are left out. At least one.</summary>
    public required IReadOnlyList<Listener> Listeners { get; init; }

    /// <summary>
    /// What clients are told. Where the port is 0 the listener of the same name tells, once it is open.
    /// </summary>
    public required IReadOnlyList<Listener> AdvertisedListeners { get; init; }

    /// <summary>http.listeners, FastLog's own: where HTTP is served; port 0 lets the system choose; empty for nowhere.</summary>
    public required IReadOnlyList<HttpEndPoint> HttpListeners { get; init; }

    /// <summary>Whether http.listeners was given, so that one that cannot be bound is a mistake.</summary>
    public required bool AreHttpListenersGiven { get; init; }

    /// <summary><c>log.dirs</c>, or else <c>log.dir</c>: at least one, none twice.</summary>
    public required IReadOnlyList<string> LogDirs { get; init; }

    /// <summary><c>num.partitions</c>: partitions of a topic created without a count.</summary>
    public required int NumPartitions { get; init; }

    /// <summary><c>default.replication.factor</c>: replicas of a topic created without a count.</summary>
    public required short DefaultReplicationFactor { get; init; }

    /// <summary><c>auto.create.topics.enable</c>.</summary>
    public required bool IsAutoCreateTopicsEnabled { get; init; }

    /// <summary><c>delete.topic.enable</c>.</summary>
    public required bool IsDeleteTopicEnabled { get; init; }

    /// <summary><c>socket.request.max.bytes</c>: a connection that announces a larger request is closed.</summary>
    public required int SocketRequestBytesMax { get; init; }

    /// <summary><c>socket.send.buffer.bytes</c>; -1 leaves it to the operating system.</summary>
    public required int SocketSendBufferBytes { get; init; }

    /// <summary><c>socket.receive.buffer.bytes</c>; -1 leaves it to the operating system.</summary>
    public required int SocketReceiveBufferBytes { get; init; }

    /// <summary><c>socket.listen.backlog.size</c>: connections waiting to be accepted.</summary>
    public required int SocketListenBacklogSize { get; init; }

    /// <summary><c>queued.max.request.bytes</c>: bytes of requests over all connections; -1 means no limit.</summary>
    public required long QueuedRequestBytesMax { get; init; }

    /// <summary><c>max.connections</c>.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary><c>connections.max.idle.ms</c>; negative means for ever.</summary>
    public required long ConnectionsIdleMsMax { get; init; }

    /// <summary><c>fetch.max.bytes</c>: record bytes of one fetch response.</summary>
    public required int FetchBytesMax { get; init; }

    /// <summary><c>max.incremental.fetch.session.cache.slots</c>.</summary>
    public required int FetchSessionCacheSlotsMax { get; init; }

    /// <summary><c>max.request.partition.size.limit</c>: partitions of one DescribeTopicPartitions response.</summary>
    public required int RequestPartitionsMax { get; init; }

    /// <summary><c>telemetry.max.bytes</c>: compressed bytes that a client may push at once.</summary>
    public required int TelemetryBytesMax { get; init; }

    /// <summary><c>request.timeout.ms</c>: of requests among brokers.</summary>
    public required int RequestTimeoutMs { get; init; }

    /// <summary><c>producer.id.expiration.ms</c>.</summary>
    public required int ProducerIdExpirationMs { get; init; }

    /// <summary><c>producer.id.expiration.check.interval.ms</c>.</summary>
    public required int ProducerIdExpirationCheckIntervalMs { get; init; }

    /// <summary>The <c>log.cleaner</c> keys that are not a topic's default.</summary>
    public required CleanerOptions Cleaner { get; init; }

    /// <summary><c>num.recovery.threads.per.data.dir</c>.</summary>
    public required int RecoveryThreadsPerDataDir { get; init; }

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>: how often recovery points are written.</summary>
    public required int RecoveryPointCheckpointIntervalMs { get; init; }

    /// <summary>log.flush.journal.bytes, FastLog's own: the size of each log directory's commit journal; 0 for none.</summary>
    public required int CommitJournalBytes { get; init; }

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>: how often they are written.</summary>
    public required int LogStartOffsetCheckpointIntervalMs { get; init; }

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>.</summary>
    public required long HighWatermarkCheckpointIntervalMs { get; init; }

    /// <summary><c>log.initial.task.delay.ms</c>: from the start to the first look for old segments.</summary>
    public required long LogInitialTaskDelayMs { get; init; }

    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public required long LogRetentionCheckIntervalMs { get; init; }

    /// <summary><c>offsets.topic.num.partitions</c>.</summary>
    public required int OffsetsTopicNumPartitions { get; init; }

    /// <summary><c>offsets.topic.replication.factor</c> as configured.</summary>
    public required short OffsetsTopicReplicationFactor { get; init; }

    /// <summary><c>offsets.topic.segment.bytes</c>.</summary>
    public required int OffsetsTopicSegmentBytes { get; init; }

    /// <summary><c>offsets.topic.compression.codec</c>: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.</summary>
    public required int OffsetsTopicCompressionCodec { get; init; }

    /// <summary><c>transaction.state.log.num.partitions</c>.</summary>
    public required int TransactionStateLogNumPartitions { get; init; }

    /// <summary><c>transaction.state.log.replication.factor</c> as configured.</summary>
    public required short TransactionStateLogReplicationFactor { get; init; }

    /// <summary><c>transaction.state.log.segment.bytes</c>.</summary>
    public required int TransactionStateLogSegmentBytes { get; init; }

    /// <summary>
    /// The replicas an internal topic is created with. Kafka refuses to create it on fewer brokers than its
    /// configured factor (3 by default); a single FastLog broker has to be able to serve groups.
    /// </summary>
    /// <param name="configured">The configured replication factor.</param>
    /// <param name="brokers">Brokers that are alive, at least one.</param>
    public static short InternalTopicReplicationFactor(short configured, int brokers) =>
        (short)Math.Min(configured, Math.Max(1, brokers));

    /// <summary>Builds the configuration from a file's properties.</summary>
    /// <param name="properties">The properties, overrides included.</param>
    /// <param name="machineHostName">What to advertise for a listener on every interface.</param>
    /// <exception cref="ConfigException">A value cannot be used; its message is the line to print.</exception>
    public static BrokerConfigResult Parse(ServerProperties properties, string machineHostName) =>
        BrokerConfigReader.Read(properties, machineHostName);

    /// <summary>The configuration given at start with other values set at run time, all of it checked together.</summary>
    /// <param name="forAllBrokers">Values of the broker resource with the empty name.</param>
    /// <param name="forThisBroker">Values of the resource with this broker's id; they are stronger.</param>
    /// <exception cref="ConfigException">A value cannot be used, alone or with the others.</exception>
    public BrokerConfig WithDynamic(
        IReadOnlyDictionary<string, string> forAllBrokers, IReadOnlyDictionary<string, string> forThisBroker) =>
        BrokerConfigReader.Read(Values.WithDynamic(forAllBrokers, forThisBroker), MachineHostName);
}

/// <summary>A configuration and what its owner should know about it.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Warnings">One line each: keys without effect, keys that nobody knows.</param>
public sealed record BrokerConfigResult(BrokerConfig Config, IReadOnlyList<string> Warnings);
