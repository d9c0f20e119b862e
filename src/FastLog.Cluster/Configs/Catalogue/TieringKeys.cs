using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Tiered storage (KIP-405).</summary>
internal static class TieringKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        BooleanKey("remote.log.storage.system.enable", "false", Medium, ReadOnly,
            "Offer tiered storage."),
        IntKey("remote.fetch.max.wait.ms", "500", AtLeast(1), Medium, ClusterWide,
            "How long a fetch waits for remote data."),
        LongKey("remote.list.offsets.request.timeout.ms", "30000", AtLeast(1), Medium, ClusterWide,
            "How long ListOffsets waits for remote data."),
        LongKey("remote.log.index.file.cache.total.size.bytes", "1073741824", AtLeast(1), Low, ClusterWide,
            "Disk space for cached remote indexes."),
        IntKey("remote.log.manager.copier.thread.pool.size", "10", AtLeast(1), Medium, ClusterWide,
            "Threads that copy segments out."),
        LongKey("remote.log.manager.copy.max.bytes.per.second", "9223372036854775807", AtLeast(1), Medium,
            ClusterWide,
            "Bytes per second that are copied out."),
        IntKey("remote.log.manager.copy.quota.window.num", "11", AtLeast(1), Medium, ReadOnly,
            "Samples kept for that limit."),
        IntKey("remote.log.manager.copy.quota.window.size.seconds", "1", AtLeast(1), Medium, ReadOnly,
            "The time one of those samples covers."),
        IntKey("remote.log.manager.expiration.thread.pool.size", "10", AtLeast(1), Medium, ClusterWide,
            "Threads that remove expired remote segments."),
        LongKey("remote.log.manager.fetch.max.bytes.per.second", "9223372036854775807", AtLeast(1), Medium,
            ClusterWide,
            "Bytes per second that are read from remote storage."),
        IntKey("remote.log.manager.fetch.quota.window.num", "11", AtLeast(1), Medium, ReadOnly,
            "Samples kept for that limit."),
        IntKey("remote.log.manager.fetch.quota.window.size.seconds", "1", AtLeast(1), Medium, ReadOnly,
            "The time one of those samples covers."),
        LongKey("remote.log.manager.task.interval.ms", "30000", AtLeast(1), Low, ReadOnly,
            "How often remote work is looked for."),
        IntKey("remote.log.manager.thread.pool.size", "2", AtLeast(1), Medium, ReadOnly,
            "Threads that follow up leadership changes in remote storage."),
        IntKey("remote.log.metadata.custom.metadata.max.bytes", "128", AtLeast(0), Low, ReadOnly,
            "Largest custom metadata of a remote segment."),
        TextKey("remote.log.metadata.manager.class.name",
            "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager", NonEmpty,
            Medium, ReadOnly,
            "Class that keeps the metadata of remote segments."),
        TextKey("remote.log.metadata.manager.class.path", null, Any, Medium, ReadOnly,
            "Where that class is loaded from."),
        TextKey("remote.log.metadata.manager.impl.prefix", "rlmm.config.", NonEmpty, Medium, ReadOnly,
            "Prefix of the keys handed to that class."),
        TextKey("remote.log.metadata.manager.listener.name", null, NonEmpty, Medium, ReadOnly,
            "Listener that class uses."),
        IntKey("remote.log.reader.max.pending.tasks", "100", AtLeast(1), Medium, ReadOnly,
            "Remote reads that may wait."),
        IntKey("remote.log.reader.threads", "10", AtLeast(1), Medium, ClusterWide,
            "Threads that read from remote storage."),
        TextKey("remote.log.storage.manager.class.name", null, NonEmpty, Medium, ReadOnly,
            "Class that moves segments to remote storage."),
        TextKey("remote.log.storage.manager.class.path", null, Any, Medium, ReadOnly,
            "Where that class is loaded from."),
        TextKey("remote.log.storage.manager.impl.prefix", "rsm.config.", NonEmpty, Medium, ReadOnly,
            "Prefix of the keys handed to that class."),
        LongKey("log.local.retention.bytes", "-2", AtLeast(-2), Medium, ClusterWide,
            "Bytes kept locally of a tiered partition; -2 means as log.retention.bytes."),
        LongKey("log.local.retention.ms", "-2", AtLeast(-2), Medium, ClusterWide,
            "Age kept locally of a tiered partition; -2 means as log.retention.ms."),
    ];
}
