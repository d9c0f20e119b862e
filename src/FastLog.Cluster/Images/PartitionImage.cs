namespace FastLog.Cluster;

/// <summary>One partition as the metadata log describes it. Immutable; the arrays must not be written to.</summary>
public sealed record PartitionImage
{
    /// <summary>The value of <see cref="Leader"/> when no replica leads.</summary>
    public const int NoLeader = -1;

    /// <summary>Broker ids that hold the partition, preferred leader first.</summary>
    public required int[] Replicas { get; init; }

    /// <summary>The in-sync replicas, a subset of <see cref="Replicas"/>.</summary>
    public required int[] Isr { get; init; }

    /// <summary>Replicas that a running reassignment will take away.</summary>
    public int[] RemovingReplicas { get; init; } = [];

    /// <summary>Replicas that a running reassignment is bringing in.</summary>
    public int[] AddingReplicas { get; init; } = [];

    /// <summary>Replicas that left the ISR below min.insync.replicas and may still lead cleanly (KIP-966).</summary>
    public int[] EligibleLeaderReplicas { get; init; } = [];

    /// <summary>The last leader known when the ISR became empty (KIP-966).</summary>
    public int[] LastKnownElr { get; init; } = [];

    /// <summary>Directory id of each replica, in the order of <see cref="Replicas"/>; empty in old records.</summary>
    public Guid[] Directories { get; init; } = [];

    /// <summary>Broker id of the leader, or <see cref="NoLeader"/>.</summary>
    public required int Leader { get; init; }

    /// <summary>Raised by one whenever a leader is named, even the same one.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Raised by one with every change of the partition.</summary>
    public required int PartitionEpoch { get; init; }

    /// <summary>0 recovered, 1 recovering from an unclean election.</summary>
    public sbyte LeaderRecoveryState { get; init; }

    /// <summary>Whether the broker holds a replica.</summary>
    /// <param name="brokerId">The broker.</param>
    public bool HasReplica(int brokerId) => Array.IndexOf(Replicas, brokerId) >= 0;

    /// <summary>The log directory of a broker's replica; unassigned when no record said.</summary>
    /// <param name="brokerId">The broker.</param>
    public Guid DirectoryOf(int brokerId)
    {
        var index = Array.IndexOf(Replicas, brokerId);
        return (uint)index < (uint)Directories.Length ? Directories[index] : DirectoryIds.Unassigned;
    }
}
