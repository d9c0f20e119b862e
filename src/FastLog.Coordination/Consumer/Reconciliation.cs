using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// The next step of one member from what it holds to what it shall hold (KIP-848). Whoever holds a partition must say
/// that it has dropped it before anybody else is given it, so that no partition ever has two owners.
/// <para>
/// The step to <see cref="MemberState.UnrevokedPartitions"/> takes the member to an epoch it has never had. Only an
/// answer that tells of the revocation carries that epoch to the client; hence a request that carries it was sent after
/// the client knew, and a request that was on its way for long cannot release what the client was given since.
/// The epoch stays below the target's, or reaches it: each such step means that the target's has grown.
/// </para>
/// </summary>
/// <param name="TargetEpoch">The epoch of the target assignment.</param>
/// <param name="Target">The member's part of the target assignment.</param>
/// <param name="Owned">What the client says it owns; null when it does not say.</param>
/// <param name="IsOwnedFinal">
/// Whether <paramref name="Owned"/> holds whatever the coordinator has told before: the client is new, or joins as
/// classic clients do, who drop first and ask then.
/// </param>
internal readonly record struct Reconciliation(
    int TargetEpoch, TopicPartitionSet Target, TopicPartitionSet? Owned, bool IsOwnedFinal)
{
    /// <summary>What the member has after the step; the very same object when there is nothing to do.</summary>
    /// <param name="current">What it has now.</param>
    /// <param name="holders">Who holds partitions.</param>
    public CurrentAssignment Next(CurrentAssignment current, PartitionHolders holders) => current.State switch
    {
        MemberState.Stable when current.MemberEpoch == TargetEpoch => current,
        MemberState.UnrevokedPartitions when Owned is null || Owned.Overlaps(current.PendingRevocation) => current,
        _ => Step(current, holders),
    };

    /// <summary>
    /// Whether the step would take partitions away that the client says it does not have: it has not got the answer yet
    /// that gave them. It is better told of them again than asked to give up what it does not know.
    /// </summary>
    public bool RevokesUnknown(CurrentAssignment current) =>
        !IsOwnedFinal && Owned is not null && current.State != MemberState.UnrevokedPartitions
        && current.MemberEpoch != TargetEpoch && !Owned.ContainsAll(current.Assigned.Except(Target));

    private CurrentAssignment Step(CurrentAssignment current, PartitionHolders holders)
    {
        var kept = current.Assigned.Intersect(Target);
        var revoked = current.Assigned.Except(Target);
        if (!revoked.IsEmpty && !(IsOwnedFinal && Owned is not null && !Owned.Overlaps(revoked)))
        {
            return new CurrentAssignment(
                current.MemberEpoch + 1, current.MemberEpoch, MemberState.UnrevokedPartitions, kept, revoked);
        }

        var wanted = Target.Except(kept);
        var free = holders.FreeOf(wanted);
        var next = new CurrentAssignment(
            TargetEpoch,
            current.MemberEpoch,
            free.Count == wanted.Count ? MemberState.Stable : MemberState.UnreleasedPartitions,
            kept.Union(free),
            TopicPartitionSet.Empty);
        return next.MemberEpoch == current.MemberEpoch && next.State == current.State && free.IsEmpty
            && next.Assigned.Equals(current.Assigned)
            ? current
            : next;
    }
}
