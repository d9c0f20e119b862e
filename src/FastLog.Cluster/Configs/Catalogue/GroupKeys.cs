using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Consumer groups, share groups and __consumer_offsets.</summary>
internal static class GroupKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("offset.metadata.max.bytes", "4096", Any, High, ReadOnly,
            "Largest text a client may attach to a committed offset.").Used(),
        IntKey("offsets.commit.timeout.ms", "5000", AtLeast(1), High, ReadOnly,
            "How long a commit waits for its replicas.").Used(),
        IntKey("offsets.load.buffer.size", "5242880", AtLeast(1), High, ReadOnly,
            "Bytes read at once when offsets are loaded.").Used(),
        LongKey("offsets.retention.check.interval.ms", "600000", AtLeast(1), High, ReadOnly,
            "How often expired offsets are looked for.").Used(),
        IntKey("offsets.retention.minutes", "10080", AtLeast(1), High, ReadOnly,
            "How long offsets outlive their group.").Used(),
        IntKey("offsets.topic.compression.codec", "0", Between(0, 4), High, ReadOnly,
            "Codec id of __consumer_offsets: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.").Used(),
        IntKey("offsets.topic.num.partitions", "50", AtLeast(1), High, ReadOnly,
            "Partitions of __consumer_offsets.").Used(),
        ShortKey("offsets.topic.replication.factor", "3", AtLeast(1), High, ReadOnly,
            "Replicas of __consumer_offsets; no more than there are brokers when it is created.").Used(),
        IntKey("offsets.topic.segment.bytes", "104857600", AtLeast(1), High, ReadOnly,
            "Segment size of __consumer_offsets.").Used(),
        IntKey("group.coordinator.threads", "4", AtLeast(1), High, ReadOnly,
            "Threads of the group coordinator."),
        IntKey("group.coordinator.append.linger.ms", "5", AtLeast(0), Medium, ReadOnly,
            "How long the coordinator gathers writes."),
        ListKey("group.coordinator.rebalance.protocols", "classic,consumer", OneOf("consumer", "classic", "share"),
            Medium, ReadOnly,
            "Group protocols that are offered.").Used(),
        IntKey("group.initial.rebalance.delay.ms", "3000", Any, Medium, ReadOnly,
            "How long an empty group waits for more members at its first join.").Used(),
        IntKey("group.max.session.timeout.ms", "1800000", Any, Medium, ReadOnly,
            "Longest session timeout a classic member may ask for.").Used(),
        IntKey("group.min.session.timeout.ms", "6000", Any, Medium, ReadOnly,
            "Shortest session timeout a classic member may ask for.").Used(),
        IntKey("group.max.size", "2147483647", AtLeast(1), Medium, ReadOnly,
            "Members of a classic group.").Used(),
        ListKey("group.consumer.assignors", "uniform,range", OneOf(
                "uniform", "range",
                "org.apache.kafka.coordinator.group.assignor.UniformAssignor",
                "org.apache.kafka.coordinator.group.assignor.RangeAssignor"), Medium, ReadOnly,
            "Assignors that the broker offers; the first is the default.").Used(),
        IntKey("group.consumer.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ReadOnly,
            "Heartbeat interval of consumer group members.").Used(),
        IntKey("group.consumer.max.heartbeat.interval.ms", "15000", AtLeast(1), Medium, ReadOnly,
            "Longest heartbeat interval a group may be given.").Used(),
        IntKey("group.consumer.max.session.timeout.ms", "60000", AtLeast(1), Medium, ReadOnly,
            "Longest session timeout a group may be given.").Used(),
        IntKey("group.consumer.max.size", "2147483647", AtLeast(1), Medium, ReadOnly,
            "Members of a consumer group.").Used(),
        TextKey("group.consumer.migration.policy", "bidirectional",
            OneOfAnyCase("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"), Medium, ReadOnly,
            "Which way groups may change protocol while members are online.").Used(),
        IntKey("group.consumer.min.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ReadOnly,
            "Shortest heartbeat interval a group may be given.").Used(),
        IntKey("group.consumer.min.session.timeout.ms", "45000", AtLeast(1), Medium, ReadOnly,
            "Shortest session timeout a group may be given.").Used(),
        IntKey("group.consumer.session.timeout.ms", "45000", AtLeast(1), Medium, ReadOnly,
            "Session timeout of consumer group members.").Used(),
    ];
}
