namespace FastLog.Raft;

/// <summary>What a voter must remember across restarts: Kafka's <c>quorum-state</c> file in memory.</summary>
public sealed record QuorumState
{
    /// <summary>No node: nobody leads, nobody was voted for.</summary>
    public const int NoNode = -1;

    /// <summary>The state of a node that has never voted.</summary>
    public static readonly QuorumState Initial = new();

    /// <summary>The leader of <see cref="LeaderEpoch"/> as far as known, or <see cref="NoNode"/>.</summary>
    public int LeaderId { get; init; } = NoNode;

    /// <summary>The highest epoch seen.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>Whom this node voted for in <see cref="LeaderEpoch"/>, or <see cref="NoNode"/>.</summary>
    public int VotedId { get; init; } = NoNode;

    /// <summary>Directory id of the node voted for; empty when none, or when voters are static.</summary>
    public Guid VotedDirectoryId { get; init; }
}
