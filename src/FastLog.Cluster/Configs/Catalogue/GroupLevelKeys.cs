using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>What can be set for one group. Those of share groups are kept and shown, as in Kafka before it has such groups.</summary>
internal static class GroupLevelKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("consumer.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ClusterWide,
            "Heartbeat interval of the members of a consumer group.").Used().DefaultsTo("group.consumer.heartbeat.interval.ms"),
        IntKey("consumer.session.timeout.ms", "45000", AtLeast(1), Medium, ClusterWide,
            "Session timeout of the members of a consumer group.").Used().DefaultsTo("group.consumer.session.timeout.ms"),
        TextKey("share.auto.offset.reset", "latest", OffsetReset, Medium, ClusterWide,
            "Where a share group without a position starts: earliest, latest, or by_duration: and an ISO 8601 duration."),
        IntKey("share.heartbeat.interval.ms", "5000", AtLeast(1), Medium, ClusterWide,
            "Heartbeat interval of the members of a share group.").DefaultsTo("group.share.heartbeat.interval.ms"),
        IntKey("share.record.lock.duration.ms", "30000", AtLeast(1000), Medium, ClusterWide,
            "How long a member of a share group holds a record it was given.").DefaultsTo("group.share.record.lock.duration.ms"),
        IntKey("share.session.timeout.ms", "45000", AtLeast(1), Medium, ClusterWide,
            "Session timeout of the members of a share group.").DefaultsTo("group.share.session.timeout.ms"),
    ];
}
