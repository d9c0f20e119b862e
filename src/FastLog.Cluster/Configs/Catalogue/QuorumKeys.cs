using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>The metadata quorum (KRaft) and its log.</summary>
internal static class QuorumKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        ListKey("controller.quorum.voters", "", Any, High, ReadOnly,
            "The fixed set of voters: id@host:port, separated by commas.").Used(),
        ListKey("controller.quorum.bootstrap.servers", "", Any, High, ReadOnly,
            "Addresses where the quorum is found first: host:port, separated by commas (KIP-853).").Used(),
        IntKey("controller.quorum.append.linger.ms", "25", Any, Medium, ReadOnly,
            "How long the leader gathers metadata records before it writes them."),
        IntKey("controller.quorum.election.backoff.max.ms", "1000", Any, High, ReadOnly,
            "The longest random wait after a lost election."),
        IntKey("controller.quorum.election.timeout.ms", "1000", Any, High, ReadOnly,
            "How long a candidate waits for votes."),
        IntKey("controller.quorum.fetch.timeout.ms", "2000", Any, High, ReadOnly,
            "How long a follower does without its leader, or a leader without its majority."),
        IntKey("controller.quorum.request.timeout.ms", "2000", Any, Medium, ReadOnly,
            "How long a quorum request waits for its answer."),
        IntKey("controller.quorum.retry.backoff.ms", "20", Any, Low, ReadOnly,
            "Wait between tries of a quorum request."),
        IntKey("controller.socket.timeout.ms", "30000", Any, Medium, ReadOnly,
            "How long a broker's request to the controller waits for its answer."),
        IntKey("controller.quota.window.num", "11", AtLeast(1), Low, ReadOnly,
            "Samples kept for the quota of controller changes."),
        IntKey("controller.quota.window.size.seconds", "1", AtLeast(1), Low, ReadOnly,
            "The time one of those samples covers."),
        TextKey("metadata.log.dir", null, Any, High, ReadOnly,
            "Directory of the metadata log, when it is not the first of log.dirs."),
        LongKey("metadata.log.max.record.bytes.between.snapshots", "20971520", AtLeast(1), High, ReadOnly,
            "Bytes of metadata records after which a snapshot is taken."),
        LongKey("metadata.log.max.snapshot.interval.ms", "3600000", AtLeast(0), High, ReadOnly,
            "The longest time between two snapshots of changed metadata."),
        IntKey("metadata.log.segment.bytes", "1073741824", AtLeast(12), High, ReadOnly,
            "Size at which the metadata log rolls."),
        IntKey("metadata.log.segment.min.bytes", "8388608", AtLeast(12), Internal, ReadOnly,
            "The smallest allowed size of a metadata segment."),
        LongKey("metadata.log.segment.ms", "604800000", Any, High, ReadOnly,
            "Age at which the metadata log rolls."),
        IntKey("metadata.max.idle.interval.ms", "500", AtLeast(0), Low, ReadOnly,
            "How often an idle controller writes a record that does nothing; 0 means never."),
        LongKey("metadata.max.retention.bytes", "104857600", Any, High, ReadOnly,
            "Size to which metadata log and snapshots are cut."),
        LongKey("metadata.max.retention.ms", "604800000", Any, High, ReadOnly,
            "Age at which metadata segments and snapshots go."),
    ];
}
