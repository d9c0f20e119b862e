using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Compaction.</summary>
internal static class CleanerKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        BooleanKey("log.cleaner.enable", "true", Medium, ReadOnly,
            "Run the cleaner that compacts logs.").Used(),
        IntKey("log.cleaner.threads", "1", AtLeast(0), Medium, ClusterWide,
            "Threads that compact logs.").Used(),
        LongKey("log.cleaner.backoff.ms", "15000", AtLeast(0), Medium, ClusterWide,
            "Sleep of the cleaner when nothing is dirty.").Used(),
        LongKey("log.cleaner.dedupe.buffer.size", "134217728", Any, Medium, ClusterWide,
            "Memory of the cleaner's key maps, over all threads.").Used(),
        LongKey("log.cleaner.delete.retention.ms", "86400000", AtLeast(0), Medium, ClusterWide,
            "How long a tombstone stays after compaction.").Used(),
        DoubleKey("log.cleaner.io.buffer.load.factor", "0.9", Any, Medium, ClusterWide,
            "How full a key map may become.").Used(),
        IntKey("log.cleaner.io.buffer.size", "524288", AtLeast(0), Medium, ClusterWide,
            "Memory of the cleaner's I/O buffers, over all threads.").Used(),
        DoubleKey("log.cleaner.io.max.bytes.per.second", "1.7976931348623157E308", Any, Medium, ClusterWide,
            "The most the cleaner reads and writes per second.").Used(),
        LongKey("log.cleaner.max.compaction.lag.ms", "9223372036854775807", AtLeast(1), Medium, ClusterWide,
            "The longest a record stays uncompacted.").Used(),
        DoubleKey("log.cleaner.min.cleanable.ratio", "0.5", Fraction(0, 1), Medium, ClusterWide,
            "The dirty share of a log that makes it worth compacting.").Used(),
        LongKey("log.cleaner.min.compaction.lag.ms", "0", AtLeast(0), Medium, ClusterWide,
            "The shortest a record stays uncompacted.").Used(),
    ];
}
