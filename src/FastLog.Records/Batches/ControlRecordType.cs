namespace FastLog.Records;

/// <summary>What a control record says: the second i16 of its key.</summary>
public enum ControlRecordType : short
{
    /// <summary>End of a transaction whose records are to be dropped.</summary>
    Abort = 0,

    /// <summary>End of a transaction whose records are to be shown.</summary>
    Commit = 1,

    /// <summary>A KRaft leader's first batch of its epoch (KIP-595).</summary>
    LeaderChange = 2,

    /// <summary>First batch of a KRaft snapshot (KIP-630).</summary>
    SnapshotHeader = 3,

    /// <summary>Last batch of a KRaft snapshot (KIP-630).</summary>
    SnapshotFooter = 4,

    /// <summary>The kraft.version in force (KIP-853).</summary>
    KRaftVersion = 5,

    /// <summary>The voter set in force (KIP-853).</summary>
    KRaftVoters = 6,
}
