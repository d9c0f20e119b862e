using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Replication between brokers.</summary>
internal static class ReplicationKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        BooleanKey("auto.leader.rebalance.enable", "true", High, ReadOnly,
            "Give leadership back to preferred replicas from time to time."),
        LongKey("leader.imbalance.check.interval.seconds", "300", AtLeast(1), High, ReadOnly,
            "How often leaderships are checked for balance."),
        IntKey("num.replica.alter.log.dirs.threads", null, Any, High, ReadOnly,
            "Threads that move replicas between directories."),
        IntKey("num.replica.fetchers", "1", Any, High, ClusterWide,
            "Threads per source broker that fetch for followers."),
        IntKey("replica.fetch.backoff.ms", "1000", AtLeast(0), Medium, ReadOnly,
            "Wait after a failed follower fetch."),
        IntKey("replica.fetch.max.bytes", "1048576", AtLeast(0), Medium, ReadOnly,
            "Bytes a follower asks for per partition."),
        IntKey("replica.fetch.min.bytes", "1", Any, High, ReadOnly,
            "Bytes a follower waits for."),
        IntKey("replica.fetch.response.max.bytes", "10485760", AtLeast(0), Medium, ReadOnly,
            "Bytes a follower asks for in all."),
        IntKey("replica.fetch.wait.max.ms", "500", Any, High, ReadOnly,
            "How long a follower's fetch waits."),
        LongKey("replica.high.watermark.checkpoint.interval.ms", "5000", AtLeast(1), High, ReadOnly,
            "How often high watermarks are written down.").Used(),
        LongKey("replica.lag.time.max.ms", "30000", Any, High, ReadOnly,
            "A follower that has not caught up for this long leaves the in-sync replicas."),
        TextKey("replica.selector.class", null, Any, Medium, ReadOnly,
            "Class that chooses the replica a consumer reads from."),
        IntKey("replica.socket.receive.buffer.bytes", "65536", Any, High, ReadOnly,
            "SO_RCVBUF of connections to leaders."),
        IntKey("replica.socket.timeout.ms", "30000", Any, High, ReadOnly,
            "How long a follower's request waits for its answer."),
        IntKey("alter.log.dirs.replication.quota.window.num", "11", AtLeast(1), Low, ReadOnly,
            "Samples kept for the quota of moves between directories."),
        IntKey("alter.log.dirs.replication.quota.window.size.seconds", "1", AtLeast(1), Low, ReadOnly,
            "The time one of those samples covers."),
        IntKey("replication.quota.window.num", "11", AtLeast(1), Low, ReadOnly,
            "Samples kept for replication quotas."),
        IntKey("replication.quota.window.size.seconds", "1", AtLeast(1), Low, ReadOnly,
            "The time one of those samples covers."),
        LongKey("follower.replication.throttled.rate", "9223372036854775807", Any, Internal, PerBroker,
            "Bytes per second that throttled replicas fetch."),
        LongKey("leader.replication.throttled.rate", "9223372036854775807", Any, Internal, PerBroker,
            "Bytes per second that throttled replicas are sent."),
        LongKey("replica.alter.log.dirs.io.max.bytes.per.second", "9223372036854775807", Any, Internal, PerBroker,
            "Bytes per second when a replica moves between directories."),
    ];
}
