using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Share groups (KIP-932) and their state topic.</summary>
internal static class ShareGroupKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("group.share.delivery.count.limit", "5", Between(2, 10), Medium, ReadOnly,
            "Deliveries of a record before it is given up."),
        IntKey("group.share.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ReadOnly,
            "Heartbeat interval of share group members."),
        ShortKey("group.share.max.groups", "10", Between(1, 100), Medium, ReadOnly,
            "Share groups held at once."),
        IntKey("group.share.max.heartbeat.interval.ms", "15000", AtLeast(1), Medium, ReadOnly,
            "Longest heartbeat interval a share group may be given."),
        IntKey("group.share.max.record.lock.duration.ms", "60000", Between(30000, 3600000), Medium, ReadOnly,
            "Longest lock a share group may be given."),
        IntKey("group.share.max.session.timeout.ms", "60000", AtLeast(1), Medium, ReadOnly,
            "Longest session timeout a share group may be given."),
        IntKey("group.share.max.size", "200", Between(1, 1000), Medium, ReadOnly,
            "Members of a share group."),
        IntKey("group.share.min.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ReadOnly,
            "Shortest heartbeat interval a share group may be given."),
        IntKey("group.share.min.record.lock.duration.ms", "15000", Between(1000, 30000), Medium, ReadOnly,
            "Shortest lock a share group may be given."),
        IntKey("group.share.min.session.timeout.ms", "45000", AtLeast(1), Medium, ReadOnly,
            "Shortest session timeout a share group may be given."),
        IntKey("group.share.partition.max.record.locks", "200", Between(100, 10000), Medium, ReadOnly,
            "Records of a partition locked at once."),
        IntKey("group.share.record.lock.duration.ms", "30000", Between(1000, 3600000), Medium, ReadOnly,
            "How long a consumer holds a record it was given."),
        IntKey("group.share.session.timeout.ms", "45000", AtLeast(1), Medium, ReadOnly,
            "Session timeout of share group members."),
        IntKey("share.coordinator.append.linger.ms", "10", AtLeast(0), Medium, ReadOnly,
            "How long the share coordinator gathers writes."),
        IntKey("share.coordinator.load.buffer.size", "5242880", AtLeast(1), High, ReadOnly,
            "Bytes read at once when share state is loaded."),
        IntKey("share.coordinator.snapshot.update.records.per.snapshot", "500", AtLeast(0), Medium, ReadOnly,
            "Updates between two snapshots of share state."),
        IntKey("share.coordinator.state.topic.compression.codec", "0", Between(0, 4), High, ReadOnly,
            "Codec id of the share state topic."),
        ShortKey("share.coordinator.state.topic.min.isr", "2", AtLeast(1), High, ReadOnly,
            "In-sync replicas that a write to the share state topic needs."),
        IntKey("share.coordinator.state.topic.num.partitions", "50", AtLeast(1), High, ReadOnly,
            "Partitions of the share state topic."),
        ShortKey("share.coordinator.state.topic.replication.factor", "3", AtLeast(1), High, ReadOnly,
            "Replicas of the share state topic."),
        IntKey("share.coordinator.state.topic.segment.bytes", "104857600", AtLeast(1), High, ReadOnly,
            "Segment size of the share state topic."),
        IntKey("share.coordinator.threads", "1", AtLeast(1), Medium, ReadOnly,
            "Threads of the share coordinator."),
        IntKey("share.coordinator.write.timeout.ms", "5000", AtLeast(1), High, ReadOnly,
            "How long a write of share state waits for its replicas."),
    ];
}
