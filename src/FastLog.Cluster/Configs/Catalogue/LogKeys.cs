using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Logs on disk: directories, segments, flushing, retention.</summary>
internal static class LogKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        TextKey("log.dir", null, Any, High, ReadOnly,
            "One directory for logs; log.dirs is stronger.").Used(),
        TextKey("log.dirs", "./fastlog-data", Any, High, ReadOnly,
            "Directories for logs, separated by commas.").Used(),
        LongKey("log.dir.failure.timeout.ms", "30000", AtLeast(1), Low, ReadOnly,
            "How long a broker keeps running while it cannot tell the controller of a failed directory."),
        IntKey("log.segment.bytes", "1073741824", AtLeast(14), High, ClusterWide,
            "A segment rolls when the next batch would take it past this size.").Used(),
        LongKey("log.roll.ms", null, AtLeast(1), High, ClusterWide,
            "A segment rolls when it is this old.").Used(),
        IntKey("log.roll.hours", "168", AtLeast(1), High, ReadOnly,
            "Age at which a segment rolls, in hours; log.roll.ms is stronger.").Used(),
        LongKey("log.roll.jitter.ms", null, AtLeast(0), High, ClusterWide,
            "The most by which the age of rolling is shortened at random.").Used(),
        IntKey("log.roll.jitter.hours", "0", AtLeast(0), High, ReadOnly,
            "The same in hours; log.roll.jitter.ms is stronger.").Used(),
        IntKey("log.index.interval.bytes", "4096", AtLeast(0), Medium, ClusterWide,
            "Log bytes between two entries of a sparse index.").Used(),
        IntKey("log.index.size.max.bytes", "10485760", AtLeast(4), Medium, ClusterWide,
            "Size of an index file at which its segment rolls.").Used(),
        BooleanKey("log.preallocate", "false", Medium, ClusterWide,
            "Reserve a segment's whole size when it is created.").Used(),
        LongKey("log.segment.delete.delay.ms", "60000", AtLeast(0), High, ClusterWide,
            "How long a removed segment stays on disk under its .deleted name.").Used(),
        LongKey("log.initial.task.delay.ms", "30000", AtLeast(0), Internal, ReadOnly,
            "Wait after start before retention first runs.").Used(),
        LongKey("log.flush.interval.messages", "1", AtLeast(1), High, ClusterWide,
            "Records after which a log is flushed. FastLog's default of 1 flushes before it acknowledges, " +
            "many writes at a time; Kafka's 9223372036854775807 leaves flushing to the operating system.").Used(),
        LongKey("log.flush.interval.ms", null, AtLeast(0), High, ClusterWide,
            "The longest a record stays unflushed.").Used(),
        LongKey("log.flush.scheduler.interval.ms", "9223372036854775807", Any, High, ReadOnly,
            "How often logs are checked for being due to flush."),
        IntKey("log.flush.offset.checkpoint.interval.ms", "60000", AtLeast(0), High, ReadOnly,
            "How often the recovery points are written down.").Used(),
        IntKey("log.flush.start.offset.checkpoint.interval.ms", "60000", AtLeast(0), High, ReadOnly,
            "How often the log start offsets are written down.").Used(),
        IntKey("log.flush.journal.bytes", "67108864", Between(0, 1073741824), Medium, ReadOnly,
            "FastLog's own: size of the file in each log directory through which one fdatasync makes the small " +
            "appends of many partitions durable; 0 syncs partition by partition.").Used(),
        LongKey("log.retention.bytes", "-1", Any, High, ClusterWide,
            "Size to which a partition is cut, oldest segments first; -1 means no limit.").Used(),
        LongKey("log.retention.ms", null, AtLeastOr(1, -1), High, ClusterWide,
            "Age at which segments are removed; -1 means never.").Used(),
        IntKey("log.retention.minutes", null, Any, High, ReadOnly,
            "The same in minutes; log.retention.ms is stronger.").Used(),
        IntKey("log.retention.hours", "168", Any, High, ReadOnly,
            "The same in hours; the other two are stronger.").Used(),
        LongKey("log.retention.check.interval.ms", "300000", AtLeast(1), Medium, ReadOnly,
            "How often segments are checked for being due to go.").Used(),
        ListKey("log.cleanup.policy", "delete", OneOf("compact", "delete"), Medium, ClusterWide,
            "What happens to old segments: delete, compact, or both.").Used(),
        IntKey("producer.id.expiration.ms", "86400000", AtLeast(1), Low, ClusterWide,
            "An idempotent producer that is silent for this long is forgotten by a partition.").Used(),
        IntKey("producer.id.expiration.check.interval.ms", "600000", AtLeast(1), Internal, ReadOnly,
            "How often silent producers are looked for.").Used(),
    ];
}
