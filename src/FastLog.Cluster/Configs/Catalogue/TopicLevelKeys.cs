using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Keys that a topic may set for itself.</summary>
internal static class TopicLevelKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        ListKey("cleanup.policy", "delete", OneOf("compact", "delete"), Medium, ClusterWide,
            "What happens to old segments: delete, compact, or both.").DefaultsTo("log.cleanup.policy").Used(),
        IntKey("compression.gzip.level", "-1", BetweenOr(1, 9, -1), Medium, ClusterWide,
            "Effort of gzip when the broker compresses this topic.").DefaultsTo("compression.gzip.level").Used(),
        IntKey("compression.lz4.level", "9", Between(1, 17), Medium, ClusterWide,
            "Effort of lz4 when the broker compresses this topic.").DefaultsTo("compression.lz4.level").Used(),
        TextKey("compression.type", "producer", OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            Medium, ClusterWide,
            "Codec the topic is stored in; producer keeps each batch as it came.")
            .DefaultsTo("compression.type").Used(),
        IntKey("compression.zstd.level", "3", Between(-131072, 22), Medium, ClusterWide,
            "Effort of zstd when the broker compresses this topic.").DefaultsTo("compression.zstd.level").Used(),
        LongKey("delete.retention.ms", "86400000", AtLeast(0), Medium, ClusterWide,
            "How long a tombstone stays after compaction.").DefaultsTo("log.cleaner.delete.retention.ms").Used(),
        LongKey("file.delete.delay.ms", "60000", AtLeast(0), Medium, ClusterWide,
            "How long a removed segment stays on disk under its .deleted name.")
            .DefaultsTo("log.segment.delete.delay.ms").Used(),
        LongKey("flush.messages", "1", AtLeast(1), Medium, ClusterWide,
            "Records after which the log is flushed. FastLog's default of 1 flushes before it acknowledges, " +
            "many writes at a time; Kafka's 9223372036854775807 leaves flushing to the operating system.")
            .DefaultsTo("log.flush.interval.messages").Used(),
        LongKey("flush.ms", "9223372036854775807", AtLeast(0), Medium, ClusterWide,
            "The longest a record stays unflushed.").DefaultsTo("log.flush.interval.ms").Used(),
        ListKey("follower.replication.throttled.replicas", "", ThrottledReplicas, Medium, ClusterWide,
            "Replicas whose fetching is throttled: partition:broker pairs, or * for all."),
        IntKey("index.interval.bytes", "4096", AtLeast(0), Medium, ClusterWide,
            "Log bytes between two entries of a sparse index.").DefaultsTo("log.index.interval.bytes").Used(),
        ListKey("leader.replication.throttled.replicas", "", ThrottledReplicas, Medium, ClusterWide,
            "Replicas whose sending is throttled: partition:broker pairs, or * for all."),
        LongKey("local.retention.bytes", "-2", AtLeast(-2), Medium, ClusterWide,
            "Bytes kept locally of a tiered partition; -2 means as retention.bytes.")
            .DefaultsTo("log.local.retention.bytes"),
        LongKey("local.retention.ms", "-2", AtLeast(-2), Medium, ClusterWide,
            "Age kept locally of a tiered partition; -2 means as retention.ms.").DefaultsTo("log.local.retention.ms"),
        LongKey("max.compaction.lag.ms", "9223372036854775807", AtLeast(1), Medium, ClusterWide,
            "The longest a record stays uncompacted.").DefaultsTo("log.cleaner.max.compaction.lag.ms").Used(),
        IntKey("max.message.bytes", "1048588", AtLeast(0), Medium, ClusterWide,
            "Largest record batch, its 12 leading bytes included.").DefaultsTo("message.max.bytes").Used(),
        LongKey("message.timestamp.after.max.ms", "3600000", AtLeast(0), Medium, ClusterWide,
            "How far a record's timestamp may lie after the broker's clock.")
            .DefaultsTo("log.message.timestamp.after.max.ms").Used(),
        LongKey("message.timestamp.before.max.ms", "9223372036854775807", AtLeast(0), Medium, ClusterWide,
            "How far a record's timestamp may lie before the broker's clock.")
            .DefaultsTo("log.message.timestamp.before.max.ms").Used(),
        TextKey("message.timestamp.type", "CreateTime", OneOf("CreateTime", "LogAppendTime"), Medium, ClusterWide,
            "CreateTime keeps the producer's timestamp, LogAppendTime stamps on append.")
            .DefaultsTo("log.message.timestamp.type").Used(),
        DoubleKey("min.cleanable.dirty.ratio", "0.5", Fraction(0, 1), Medium, ClusterWide,
            "The dirty share of the log that makes it worth compacting.").DefaultsTo("log.cleaner.min.cleanable.ratio").Used(),
        LongKey("min.compaction.lag.ms", "0", AtLeast(0), Medium, ClusterWide,
            "The shortest a record stays uncompacted.").DefaultsTo("log.cleaner.min.compaction.lag.ms").Used(),
        IntKey("min.insync.replicas", "1", AtLeast(1), Medium, ClusterWide,
            "In-sync replicas that a write with acks=all needs.").DefaultsTo("min.insync.replicas").Used(),
        BooleanKey("preallocate", "false", Medium, ClusterWide,
            "Reserve a segment's whole size when it is created.").DefaultsTo("log.preallocate").Used(),
        BooleanKey("remote.log.copy.disable", "false", Medium, ClusterWide,
            "Stop copying segments of a tiered topic out."),
        BooleanKey("remote.log.delete.on.disable", "false", Medium, ClusterWide,
            "Remove the remote data when tiering is switched off."),
        BooleanKey("remote.storage.enable", "false", Medium, ClusterWide,
            "Tier the topic to remote storage."),
        LongKey("retention.bytes", "-1", Any, Medium, ClusterWide,
            "Size to which a partition is cut, oldest segments first; -1 means no limit.")
            .DefaultsTo("log.retention.bytes").Used(),
        LongKey("retention.ms", "604800000", AtLeast(-1), Medium, ClusterWide,
            "Age at which segments are removed; -1 means never.").DefaultsTo("log.retention.ms").Used(),
        IntKey("segment.bytes", "1073741824", AtLeast(14), Medium, ClusterWide,
            "A segment rolls when the next batch would take it past this size.").DefaultsTo("log.segment.bytes").Used(),
        IntKey("segment.index.bytes", "10485760", AtLeast(4), Medium, ClusterWide,
            "Size of an index file at which its segment rolls.").DefaultsTo("log.index.size.max.bytes").Used(),
        LongKey("segment.jitter.ms", "0", AtLeast(0), Medium, ClusterWide,
            "The most by which segment.ms is shortened at random.").DefaultsTo("log.roll.jitter.ms").Used(),
        LongKey("segment.ms", "604800000", AtLeast(1), Medium, ClusterWide,
            "A segment rolls when it is this old.").DefaultsTo("log.roll.ms").Used(),
        BooleanKey("unclean.leader.election.enable", "false", Medium, ClusterWide,
            "Let a replica that is not in sync lead when no other is left: records may be lost.")
            .DefaultsTo("unclean.leader.election.enable").Used(),
    ];
}
