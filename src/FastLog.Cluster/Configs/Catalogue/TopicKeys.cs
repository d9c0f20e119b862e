using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Topics: how they come, go and what a batch may be.</summary>
internal static class TopicKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        BooleanKey("auto.create.topics.enable", "true", High, ReadOnly,
            "Create a topic when a client first asks for it by name.").Used(),
        BooleanKey("delete.topic.enable", "true", High, ReadOnly,
            "Allow topics to be deleted.").Used(),
        IntKey("num.partitions", "1", AtLeast(1), Medium, ReadOnly,
            "Partitions of a topic created without a count.").Used(),
        IntKey("default.replication.factor", "1", Between(1, 32767), Medium, ReadOnly,
            "Replicas of a topic created without a count.").Used(),
        IntKey("min.insync.replicas", "1", AtLeast(1), High, ClusterWide,
            "In-sync replicas that a write with acks=all needs.").Used(),
        IntKey("message.max.bytes", "1048588", AtLeast(0), High, ClusterWide,
            "Largest record batch, its 12 leading bytes included.").Used(),
        TextKey("compression.type", "producer", OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            High, ClusterWide,
            "Codec that logs are stored in; producer keeps each batch as it came.").Used(),
        IntKey("compression.gzip.level", "-1", BetweenOr(1, 9, -1), Medium, ClusterWide,
            "Effort of gzip when the broker compresses.").Used(),
        IntKey("compression.lz4.level", "9", Between(1, 17), Medium, ClusterWide,
            "Effort of lz4 when the broker compresses.").Used(),
        IntKey("compression.zstd.level", "3", Between(-131072, 22), Medium, ClusterWide,
            "Effort of zstd when the broker compresses.").Used(),
        BooleanKey("unclean.leader.election.enable", "false", High, ClusterWide,
            "Let a replica that is not in sync lead when no other is left: records may be lost.").Used(),
        LongKey("unclean.leader.election.interval.ms", "300000", AtLeast(1), Internal, ReadOnly,
            "How often the controller looks for partitions that need an unclean leader."),
        TextKey("log.message.timestamp.type", "CreateTime", OneOf("CreateTime", "LogAppendTime"), Medium, ClusterWide,
            "CreateTime keeps the producer's timestamp, LogAppendTime stamps on append.").Used(),
        LongKey("log.message.timestamp.before.max.ms", "9223372036854775807", AtLeast(0), Medium, ClusterWide,
            "How far a record's timestamp may lie before the broker's clock.").Used(),
        LongKey("log.message.timestamp.after.max.ms", "3600000", AtLeast(0), Medium, ClusterWide,
            "How far a record's timestamp may lie after the broker's clock.").Used(),
    ];
}
