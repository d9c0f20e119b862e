namespace FastLog.Cluster.Configs;

/// <summary>Which way a group with members may change between the classic and the consumer protocol (KIP-848).</summary>
[Flags]
public enum GroupMigrationPolicy
{
    /// <summary>Neither way.</summary>
    Disabled = 0,

    /// <summary>From classic to consumer, when a member that speaks the latter joins.</summary>
    Upgrade = 1,

    /// <summary>From consumer to classic, when only classic members are left.</summary>
    Downgrade = 2,

    /// <summary>Both ways.</summary>
    Bidirectional = Upgrade | Downgrade,
}
