namespace FastLog.Coordination.Assignors;

/// <summary>What an assignor decided.</summary>
/// <param name="Members">
/// The target of every member of the group by member id. A target equal to the present one is the very same object.
/// </param>
public sealed record GroupAssignment(IReadOnlyDictionary<string, TopicPartitionSet> Members)
{
    /// <summary>The target of a member; empty for one that was not in the group.</summary>
    public TopicPartitionSet TargetOf(string memberId) => Members.GetValueOrDefault(memberId, TopicPartitionSet.Empty);
}
