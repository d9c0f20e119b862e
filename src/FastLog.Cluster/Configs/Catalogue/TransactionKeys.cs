using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Transactions and __transaction_state.</summary>
internal static class TransactionKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("transaction.max.timeout.ms", "900000", AtLeast(1), High, ReadOnly,
            "Longest transaction a producer may ask for."),
        IntKey("transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000", AtLeast(1), Low, ReadOnly,
            "How often overdue transactions are looked for and aborted."),
        IntKey("transaction.remove.expired.transaction.cleanup.interval.ms", "3600000", AtLeast(1), Low, ReadOnly,
            "How often forgotten transactional ids are looked for."),
        IntKey("transactional.id.expiration.ms", "604800000", AtLeast(1), High, ReadOnly,
            "A transactional id idle for this long is forgotten."),
        BooleanKey("transaction.partition.verification.enable", "true", Low, ClusterWide,
            "Check with the coordinator that a partition belongs to the transaction (KIP-890)."),
        IntKey("transaction.state.log.load.buffer.size", "5242880", AtLeast(1), High, ReadOnly,
            "Bytes read at once when transaction state is loaded."),
        IntKey("transaction.state.log.min.isr", "2", AtLeast(1), High, ReadOnly,
            "In-sync replicas that a write to __transaction_state needs."),
        IntKey("transaction.state.log.num.partitions", "50", AtLeast(1), High, ReadOnly,
            "Partitions of __transaction_state.").Used(),
        ShortKey("transaction.state.log.replication.factor", "3", AtLeast(1), High, ReadOnly,
            "Replicas of __transaction_state; no more than there are brokers when it is created."),
        IntKey("transaction.state.log.segment.bytes", "104857600", AtLeast(1), High, ReadOnly,
            "Segment size of __transaction_state.").Used(),
        IntKey("add.partitions.to.txn.retry.backoff.ms", "20", AtLeast(1), High, ReadOnly,
            "Wait between tries to verify a partition of a transaction."),
        IntKey("add.partitions.to.txn.retry.backoff.max.ms", "100", AtLeast(0), High, ReadOnly,
            "The most that wait grows to."),
    ];
}
