using FastLog.Storage;

namespace FastLog.Cluster.Configs;

/// <summary>Builds a <see cref="BrokerConfig"/>: checks each value, then all of them together.</summary>
internal sealed class BrokerConfigReader
{
    private readonly BrokerConfigValues _values;

    private BrokerConfigReader(BrokerConfigValues values) => _values = values;

    /// <exception cref="ConfigException">A value cannot be used.</exception>
    public static BrokerConfigResult Read(ServerProperties properties, string machineHostName)
    {
        // In the order of the file, so that the first mistake in it is the one that is told.
        foreach (string name in properties.Names)
        {
            if (BrokerConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
            {
                definition.Parse(properties.Values[name]);
            }
        }

        var warnings = new List<string>();
        var reader = new BrokerConfigReader(BrokerConfigValues.FromStatic(properties.Values));
        BrokerConfig config = reader.Build(machineHostName, warnings);
        warnings.AddRange(KeyWarnings.For(properties.Names));
        return new BrokerConfigResult(config, warnings);
    }

    /// <exception cref="ConfigException">A value cannot be used.</exception>
    public static BrokerConfig Read(BrokerConfigValues values, string machineHostName) =>
        new BrokerConfigReader(values).Build(machineHostName, []);

    private BrokerConfig Build(string machineHostName, List<string> warnings)
    {
        CheckTogether();
        GroupKeyChecks.CheckBounds(_values);
        QuorumOfOne.Check(_values, Int("node.id"), warnings);
        BrokerListeners listeners = BrokerListeners.From(_values, machineHostName);
        return new BrokerConfig
        {
            Values = _values,
            MachineHostName = machineHostName,
            TopicDefaults = new TopicConfig(_values, new Dictionary<string, string>()).Settings,
            GroupDefaults = GroupConfig.SettingsOf(_values, new Dictionary<string, string>()),
            NodeId = Int("node.id"),
            Rack = _values.Get("broker.rack").Value,
            Listeners = listeners.Opened,
            AdvertisedListeners = listeners.Advertised,
            HttpListeners = HttpEndPoint.ParseList("http.listeners", _values.Get("http.listeners").Value ?? ""),
            AreHttpListenersGiven = _values.IsSet("http.listeners"),
            LogDirs = LogDirs(),
            NumPartitions = Int("num.partitions"),
            DefaultReplicationFactor = (short)Int("default.replication.factor"),
            IsAutoCreateTopicsEnabled = Flag("auto.create.topics.enable"),
            IsDeleteTopicEnabled = Flag("delete.topic.enable"),
            SocketRequestBytesMax = Int("socket.request.max.bytes"),
            SocketSendBufferBytes = Int("socket.send.buffer.bytes"),
            SocketReceiveBufferBytes = Int("socket.receive.buffer.bytes"),
            SocketListenBacklogSize = Int("socket.listen.backlog.size"),
            QueuedRequestBytesMax = Long("queued.max.request.bytes"),
            ConnectionsMax = Int("max.connections"),
            ConnectionsIdleMsMax = Long("connections.max.idle.ms"),
            FetchBytesMax = Int("fetch.max.bytes"),
            FetchSessionCacheSlotsMax = Int("max.incremental.fetch.session.cache.slots"),
            RequestPartitionsMax = Int("max.request.partition.size.limit"),
            TelemetryBytesMax = Int("telemetry.max.bytes"),
            RequestTimeoutMs = Int("request.timeout.ms"),
            ProducerIdExpirationMs = Int("producer.id.expiration.ms"),
            ProducerIdExpirationCheckIntervalMs = Int("producer.id.expiration.check.interval.ms"),
            Cleaner = new CleanerOptions
            {
                IsEnabled = Flag("log.cleaner.enable"),
                ThreadsCount = Int("log.cleaner.threads"),
                BackoffMs = Long("log.cleaner.backoff.ms"),
                DedupeBufferBytes = Long("log.cleaner.dedupe.buffer.size"),
                LoadFactor = Number("log.cleaner.io.buffer.load.factor"),
                IoBufferBytes = Int("log.cleaner.io.buffer.size"),
                IoBytesPerSecondMax = Number("log.cleaner.io.max.bytes.per.second"),
            },
            RecoveryThreadsPerDataDir = Int("num.recovery.threads.per.data.dir"),
            CommitJournalBytes = Int("log.flush.journal.bytes"),
            RecoveryPointCheckpointIntervalMs = Int("log.flush.offset.checkpoint.interval.ms"),
            LogStartOffsetCheckpointIntervalMs = Int("log.flush.start.offset.checkpoint.interval.ms"),
            HighWatermarkCheckpointIntervalMs = Long("replica.high.watermark.checkpoint.interval.ms"),
            LogInitialTaskDelayMs = Long("log.initial.task.delay.ms"),
            LogRetentionCheckIntervalMs = Long("log.retention.check.interval.ms"),
            OffsetsTopicNumPartitions = Int("offsets.topic.num.partitions"),
            OffsetsTopicReplicationFactor = (short)Int("offsets.topic.replication.factor"),
            OffsetsTopicSegmentBytes = Int("offsets.topic.segment.bytes"),
            OffsetsTopicCompressionCodec = Int("offsets.topic.compression.codec"),
            OffsetMetadataBytesMax = Int("offset.metadata.max.bytes"),
            OffsetsCommitTimeoutMs = Int("offsets.commit.timeout.ms"),
            OffsetsLoadBufferBytes = Int("offsets.load.buffer.size"),
            OffsetsRetentionMs = Int("offsets.retention.minutes") * 60_000L,
            OffsetsRetentionCheckIntervalMs = Long("offsets.retention.check.interval.ms"),
            GroupRebalanceProtocols = GroupKeyChecks.RebalanceProtocols(_values, warnings),
            GroupInitialRebalanceDelayMs = Int("group.initial.rebalance.delay.ms"),
            GroupSessionTimeoutMsMin = Int("group.min.session.timeout.ms"),
            GroupSessionTimeoutMsMax = Int("group.max.session.timeout.ms"),
            GroupMembersMax = Int("group.max.size"),
            GroupConsumerAssignors = GroupKeyChecks.Assignors(_values),
            GroupConsumerHeartbeatIntervalMs = Int("group.consumer.heartbeat.interval.ms"),
            GroupConsumerHeartbeatIntervalMsMin = Int("group.consumer.min.heartbeat.interval.ms"),
            GroupConsumerHeartbeatIntervalMsMax = Int("group.consumer.max.heartbeat.interval.ms"),
            GroupConsumerSessionTimeoutMs = Int("group.consumer.session.timeout.ms"),
            GroupConsumerSessionTimeoutMsMin = Int("group.consumer.min.session.timeout.ms"),
            GroupConsumerSessionTimeoutMsMax = Int("group.consumer.max.session.timeout.ms"),
            GroupConsumerMembersMax = Int("group.consumer.max.size"),
            GroupConsumerMigrationPolicy = Enum.Parse<GroupMigrationPolicy>((string)Read("group.consumer.migration.policy"), ignoreCase: true),
            TransactionStateLogNumPartitions = Int("transaction.state.log.num.partitions"),
            TransactionStateLogReplicationFactor = (short)Int("transaction.state.log.replication.factor"),
            TransactionStateLogSegmentBytes = Int("transaction.state.log.segment.bytes"),
        };
    }

    private void CheckTogether()
    {
        if (_values.IsSet("broker.id") && Int("broker.id") is >= 0 and var brokerId && brokerId != Int("node.id"))
        {
            throw ConfigException.About(
                "broker.id", $"{brokerId} is not node.id (expected the same value, or node.id alone)");
        }

        ConfigSynonym retention = _values.Resolve("log.retention.ms");
        if (retention.Value is { } text && (long)Definition(retention.Name).Parse(text) == 0)
        {
            throw ConfigException.About(retention.Name, "'0' is not allowed (expected 1 or more, or -1 for no limit)");
        }

        long queuedBytesMax = Long("queued.max.request.bytes");
        if (queuedBytesMax > 0 && queuedBytesMax < Int("socket.request.max.bytes"))
        {
            throw ConfigException.About(
                "queued.max.request.bytes",
                $"'{queuedBytesMax}' is not allowed (expected socket.request.max.bytes or more, or -1 for no limit)");
        }
    }

    private string[] LogDirs()
    {
        string text = _values.Get("log.dirs").Value ?? "";
        string[] directories =
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (directories.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            throw ConfigException.About(
                "log.dirs", $"{Quoted.Value(text)} is not a list of directories (expected a path)");
        }

        string? twice = directories.GroupBy(path => path).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? directories
            : throw ConfigException.About(
                "log.dirs", $"{Quoted.Value(twice)} stands there twice (expected each path once)");
    }

    private static ConfigDefinition Definition(string name) => BrokerConfigDefinitions.Catalog[name];

    private object Read(string name)
    {
        string value = _values.Get(name).Value
            ?? throw new InvalidOperationException($"{name} has neither value nor default.");
        return Definition(name).Parse(value);
    }

    private int Int(string name) => (int)(long)Read(name);

    private long Long(string name) => (long)Read(name);

    private double Number(string name) => (double)Read(name);

    private bool Flag(string name) => (bool)Read(name);
}
