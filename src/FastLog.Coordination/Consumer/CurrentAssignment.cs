using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>How far a member is on its way to its target assignment.</summary>
public enum MemberState
{
    /// <summary>It has what it shall have as of its epoch.</summary>
    Stable = 0,

    /// <summary>It was told to give partitions up and has not yet said that it did.</summary>
    UnrevokedPartitions = 1,

    /// <summary>Others still hold partitions that it shall get.</summary>
    UnreleasedPartitions = 2,
}

/// <summary>A member's epoch and its partitions. What it holds, nobody else is given.</summary>
/// <param name="MemberEpoch">Its epoch: what its requests must carry.</param>
/// <param name="PreviousMemberEpoch">The epoch before, which a request carries when the last answer was lost.</param>
/// <param name="State">How far it is.</param>
/// <param name="Assigned">The partitions it may consume.</param>
/// <param name="PendingRevocation">The partitions it is to give up and may still hold.</param>
public sealed record CurrentAssignment(
    int MemberEpoch,
    int PreviousMemberEpoch,
    MemberState State,
    TopicPartitionSet Assigned,
    TopicPartitionSet PendingRevocation)
{
    /// <summary>That of a member that has only just joined.</summary>
    public static readonly CurrentAssignment None =
        new(0, -1, MemberState.Stable, TopicPartitionSet.Empty, TopicPartitionSet.Empty);
}
