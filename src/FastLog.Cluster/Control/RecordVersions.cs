using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <summary>Which version of each record metadata.version 25 (Kafka 4.0) writes.</summary>
internal static class RecordVersions
{
    public static MetadataRecord Versioned(IMetadataRecord record) => new(record, VersionOf(record));

    private static short VersionOf(IMetadataRecord record) => record switch
    {
        RegisterBrokerRecord => 3,
        PartitionRecord or PartitionChangeRecord => 2,
        BrokerRegistrationChangeRecord { LogDirs.Count: > 0 } => 2,
        // What a registration change sets decides: the newer fields are tags that are left out here.
        _ => 0,
    };
}
